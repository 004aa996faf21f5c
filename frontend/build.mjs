// Builds the pages' assets into the folder that is given: node frontend/build.mjs OUT
// tearmann.css, tearmann.js and favicon.svg. Refuses to write a stylesheet that is branded or fetches anything.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { argv, exit, stderr } from "node:process";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const require = createRequire(import.meta.url);

const BRANDED = [/GDS[ _-]?Transport/i, /crown/i, /crest/i, /@font-face/i, /\burl\(/i, /\.woff/i, /@import\b/i];

function stylesheet() {
  const built = sass.compile(join(here, "tearmann.scss"), {
    loadPaths: [root, here],
    style: "compressed",
    quietDeps: true,
    logger: {
      // MoJ's sheets use what GOV.UK's will drop; that is between the two of them.
      warn: (message) => message.includes("$govuk-suppressed-warnings") || stderr.write(`${message}\n`),
    },
  });
  // MoJ keeps old document icons in its timeline, and we ship no pictures of theirs.
  const css = built.css
    .replaceAll(/(?<=[;{])background-image:url\([^)]*\)(?:;|(?=\}))/g, "")
    .replaceAll(/\/\*.*?\*\//gs, "");
  const found = BRANDED.filter((word) => word.test(css));
  if (found.length > 0) {
    throw new Error(`the stylesheet still names ${found.join(", ")}: strip it in frontend/tearmann.scss or build.mjs`);
  }
  return css;
}

function script() {
  // One classic file, so that no module address has to survive the renaming of assets by their digest.
  const source = readFileSync(require.resolve("govuk-frontend/dist/govuk/govuk-frontend.min.js"), "utf-8");
  const exported = /export\{([A-Za-z0-9_$, ]+)\};?\s*(?:\/\/# sourceMappingURL=\S*\s*)?$/;
  const names = exported.exec(source);
  if (names === null) {
    throw new Error("GOV.UK Frontend no longer ends in one list of exports: look at frontend/build.mjs");
  }
  const library = source.replace(exported, `return{${names[1].replaceAll(/([\w$]+) as ([\w$]+)/g, "$2:$1")}};`);
  const ours = readFileSync(join(here, "tearmann.js"), "utf-8");
  return `(()=>{"use strict";const govuk=(()=>{${library}})();\n${ours}})();\n`;
}

const out = argv[2];
if (out === undefined) {
  stderr.write("Say where to build: node frontend/build.mjs OUT\n");
  exit(2);
}
try {
  const files = { "tearmann.css": stylesheet(), "tearmann.js": script() };
  mkdirSync(out, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(out, name), text);
  }
  copyFileSync(join(here, "favicon.svg"), join(out, "favicon.svg"));
} catch (fault) {
  stderr.write(`The assets were not built: ${fault.message}\n`);
  exit(1);
}
