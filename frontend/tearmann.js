// Makes the pages easier where JavaScript runs. Every page works without it.
// The build puts GOV.UK Frontend before this file and names it `govuk`.

// GOV.UK Frontend asks for these classes before it will start, and its styles for JavaScript hang on them.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}

govuk.initAll({ onError: () => {} });

// A button that prints can do nothing without JavaScript, so its page hides it: <button data-print hidden>.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
