"""Segments: what was built is what is found, and nothing half-built or altered is ever read."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tearmann.errors import ListError
from tearmann.identifiers import VOID_VALUES, IdentifierKind
from tearmann.lists import ListRow, build, open_list, open_segment, segments

kinds = st.sampled_from(sorted(segments.WIDTHS))
codes = st.sampled_from(["", "A1", "B2", "é"])


@st.composite
def list_rows(draw):
    kind = draw(kinds)
    # Few leading bytes, so that digests share a bucket, and a zero or full first byte is common.
    width = segments.WIDTHS[kind]
    digest = draw(st.sampled_from([b"\x00", b"\x7f", b"\xff"])) + draw(
        st.binary(min_size=width - 1, max_size=width - 1)
    )
    return ListRow(kind=kind, value=digest.hex(), code=draw(codes), scheme=draw(codes))


def made_up(count, *, seed=1, kind=IdentifierKind.MD5):
    source = random.Random(seed)
    width = segments.WIDTHS[kind]
    return [ListRow(kind=kind, value=source.randbytes(width).hex(), code=str(number % 7)) for number in range(count)]


def wanted(rows):
    """The oracle: a plain dict from (kind, value) to the sorted codes."""
    held = defaultdict(set)
    for row in rows:
        if row.value not in VOID_VALUES:
            held[row.kind, row.value].add((row.code, row.scheme))
    return {key: tuple(sorted(found)) for key, found in held.items()}


@settings(max_examples=50)
@given(st.lists(list_rows(), min_size=1, max_size=30), st.integers(1, 8), st.lists(list_rows(), max_size=5))
def test_a_list_knows_what_it_was_built_of_and_nothing_else(rows, rows_per_run, strangers):
    expected = wanted(rows)
    if not expected:
        return
    with TemporaryDirectory() as directory, pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments, "ROWS_PER_RUN", rows_per_run)
        build(rows, Path(directory), name="example", version="1")
        opened = {segment.kind: segment for segment in open_list(Path(directory) / "example-1")}
        for row in rows + strangers:
            found = opened[row.kind].find(row.value) if row.kind in opened else ()
            assert found == expected.get((row.kind, row.value), ())
        for segment in opened.values():
            segment.close()


def test_a_list_that_needs_the_wide_fan_out_knows_all_its_rows(tmp_path):
    rows = made_up(70_000)
    info = build(rows, tmp_path, name="example", version="1")
    with open_segment(info.files[0].path) as segment:
        assert [segment.find(row.value) for row in rows] == [((row.code, ""),) for row in rows]


def test_the_same_rows_in_any_order_give_the_same_bytes(tmp_path, monkeypatch):
    rows = made_up(100) + made_up(50)
    one = build(rows, tmp_path / "one", name="example", version="1")
    monkeypatch.setattr(segments, "ROWS_PER_RUN", 10)
    two = build(reversed(rows), tmp_path / "two", name="example", version="1")
    assert one.files[0].path.read_bytes() == two.files[0].path.read_bytes()


def test_a_list_says_what_it_holds(tmp_path):
    rows = made_up(3) + made_up(2, kind=IdentifierKind.SHA1) + made_up(3)
    info = build(rows, tmp_path, name="example", version="2026-1")
    assert [(file.kind, file.rows) for file in info.files] == [("md5", 3), ("sha1", 2)]


def test_the_digest_it_tells_is_of_the_whole_file(tmp_path):
    file = build(made_up(3), tmp_path, name="example", version="1").files[0]
    assert hashlib.sha256(file.path.read_bytes()[:-32]).hexdigest() == file.sha256


def test_one_hash_under_two_codes_keeps_both(tmp_path):
    value = "f0" * 16
    rows = [ListRow(kind=IdentifierKind.MD5, value=value, code=code, scheme="example") for code in ("B1", "A2", "B1")]
    info = build(rows, tmp_path, name="example", version="1")
    with open_segment(info.files[0].path) as segment:
        assert segment.find(value) == (("A2", "example"), ("B1", "example"))


def test_the_hash_of_nothing_is_left_out_and_counted(tmp_path):
    nothing = hashlib.md5(b"").hexdigest()
    info = build([*made_up(2), ListRow(kind=IdentifierKind.MD5, value=nothing)], tmp_path, name="example", version="1")
    with open_segment(info.files[0].path) as segment:
        assert (info.void_rows, segment.find(nothing)) == (1, ())


@pytest.mark.parametrize("at", [0, 5, 25])
def test_a_build_that_breaks_leaves_no_file(tmp_path, monkeypatch, at):
    monkeypatch.setattr(segments, "ROWS_PER_RUN", 10)

    def broken():
        yield from made_up(at)
        raise RuntimeError("cut off")

    with pytest.raises(RuntimeError, match="cut off"):
        build(broken(), tmp_path, name="example", version="1")
    assert list(tmp_path.rglob("*")) == []


def test_a_build_that_breaks_while_it_writes_leaves_no_file(tmp_path, monkeypatch):
    def full(out, check, block):
        raise OSError("no space")

    monkeypatch.setattr(segments, "_put", full)
    with pytest.raises(OSError, match="no space"):
        build(made_up(5), tmp_path, name="example", version="1")
    assert list(tmp_path.rglob("*")) == []


def test_what_a_killed_build_left_does_not_spoil_the_next(tmp_path):
    left = tmp_path / ".building-example-1"
    left.mkdir()
    (left / "md5.segment").write_bytes(b"half")
    build(made_up(5), tmp_path, name="example", version="1")
    assert [path.name for path in tmp_path.iterdir()] == ["example-1"]


def test_building_a_version_again_changes_nothing(tmp_path):
    first = build(made_up(5), tmp_path, name="example", version="1")
    assert build(made_up(5), tmp_path, name="example", version="1") == first


@pytest.mark.parametrize("others", [made_up(6), [*made_up(5), *made_up(1, kind=IdentifierKind.PDQ)]])
def test_a_version_never_changes(tmp_path, others):
    info = build(made_up(5), tmp_path, name="example", version="1")
    before = info.files[0].path.read_bytes()
    with pytest.raises(ListError, match="a version never changes"):
        build(others, tmp_path, name="example", version="1")
    assert info.files[0].path.read_bytes() == before


@pytest.mark.parametrize("share", [0, 0.2, 0.5, 0.99])
def test_a_cut_segment_is_refused(tmp_path, share):
    path = build(made_up(50), tmp_path, name="example", version="1").files[0].path
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ListError, match=r"md5\.segment"):
        open_segment(path)


@settings(max_examples=50)
@given(st.data())
def test_a_segment_with_any_bit_altered_is_refused(data):
    with TemporaryDirectory() as directory:
        path = build(made_up(20), Path(directory), name="example", version="1").files[0].path
        whole = bytearray(path.read_bytes())
        whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        path.write_bytes(whole)
        with pytest.raises(ListError, match=r"md5\.segment"):
            open_segment(path)


def test_a_segment_altered_with_a_new_digest_is_refused_by_the_digest_recorded(tmp_path):
    file = build(made_up(20), tmp_path, name="example", version="1").files[0]
    whole = bytearray(file.path.read_bytes()[:-32])
    whole[-1] ^= 1
    file.path.write_bytes(bytes(whole) + hashlib.sha256(whole).digest())
    with pytest.raises(ListError, match="cut or altered"):
        open_segment(file.path, sha256=file.sha256)


@pytest.mark.parametrize("header", [b"{", b"{}", b"[]", b'{"fan_out":1,"kind":"email"}'])
def test_a_header_that_says_nothing_is_refused(tmp_path, header):
    body = segments.MAGIC + len(header).to_bytes(4) + header + b"\x00" * 64
    path = tmp_path / "md5.segment"
    path.write_bytes(body + hashlib.sha256(body).digest())
    with pytest.raises(ListError, match="header"):
        open_segment(path)


def test_a_missing_segment_is_refused(tmp_path):
    with pytest.raises(ListError, match="cannot be opened"):
        open_segment(tmp_path / "md5.segment")


def test_a_list_without_segments_is_refused(tmp_path):
    with pytest.raises(ListError, match="no segment"):
        open_list(tmp_path)


@pytest.mark.parametrize("name", ["", "../example", "a/b", ".example", "a b"])
def test_a_name_that_is_not_a_file_name_is_refused(tmp_path, name):
    with pytest.raises(ListError, match="not fit for a file name"):
        build(made_up(1), tmp_path, name=name, version="1")


def test_a_list_without_rows_is_refused(tmp_path):
    with pytest.raises(ListError, match="no row"):
        build([], tmp_path, name="example", version="1")


def test_a_row_that_is_no_hash_is_refused(tmp_path):
    with pytest.raises(ListError, match="row 1: kind email is not a hash"):
        build([ListRow(kind=IdentifierKind.EMAIL, value="ann@example.org")], tmp_path, name="example", version="1")


@pytest.mark.parametrize("value", ["f0", "xx" * 16, "f0" * 20])
def test_a_value_that_is_not_canonical_is_refused_and_not_quoted(tmp_path, value):
    with pytest.raises(ListError, match="expected 32 hex digits") as refusal:
        build([ListRow(kind=IdentifierKind.MD5, value=value)], tmp_path, name="example", version="1")
    assert value not in str(refusal.value)
