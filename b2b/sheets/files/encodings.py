"""In which encoding a text was written, by the evidence of its bytes.

Unicode shows itself. An eight-bit text is decoded in every encoding it may be in, and its words are weighed by how
often each letter stands in the languages written in it: "Größe" is German in Windows-1252, and in Windows-1251 a word
of no language at all. Where a second encoding explains the words as well, that is said along with the first.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from b2b.sandbox import Refused
from b2b.sheets.files.letters import CENTRAL, CYRILLIC, GREEK, LETTERS, TURKISH, WESTERN
from b2b.sheets.files.telling import note

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES: dict[str, Sequence[str]] = {
    "cp1252": WESTERN,
    "cp1250": CENTRAL,
    "iso8859-2": CENTRAL,
    "cp1251": CYRILLIC,
    "koi8-r": CYRILLIC,
    "cp866": CYRILLIC,
    "cp1253": GREEK,
    "cp1254": TURKISH,
}
_DOS: dict[str, Sequence[str]] = {"cp850": WESTERN, "cp852": CENTRAL}
_OLD_MAC = {"mac-roman": WESTERN}
NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "gb18030": "GB 18030",
    "cp949": "EUC-KR",
    "cp1252": "Windows-1252",
    "latin-1": "ISO 8859-1",
    "cp1250": "Windows-1250",
    "iso8859-2": "ISO 8859-2",
    "cp1251": "Windows-1251",
    "koi8-r": "KOI8-R",
    "cp866": "DOS 866",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp850": "DOS 850",
    "cp852": "DOS 852",
    "cp950": "Big5",
    "mac-roman": "Mac Roman",
}
_SAMPLE_BYTES = 4096
_CONTEXT_BYTES = 32 * 1024
_LONGEST_SAMPLE = 256 * 1024
_MOST_WORDS = 4_000
_BLOCK = 1024 * 1024
SUBSTITUTED = "substituted"
"""A decoder's way with bytes that make no character: each becomes ASCII's sign for that, a fault in any cell."""
codecs.register_error(SUBSTITUTED, lambda error: ("\x1a", getattr(error, "end", 0)))
_ASCII = bytes(range(128))
_WITHOUT_ASCII = b" " * 128 + bytes(range(128, 256))
"""Blanks in its place: bytes that stand apart make no character together."""
_REPLACEMENT = "\ufffd"
_FEW = 10
_UNKNOWN_LETTER = -12.0
_USUAL_SYMBOL = -5.0
_USUAL_SYMBOLS = frozenset("\u00a0€£¥§©®°±²³µ·¼½¾×÷«»“”„‘’‚–—…•™№Øø¿¡")
_BETWEEN_LETTERS = frozenset("\u00a0’‘–—·\u00ad")
_CASE_CHANGE = -4.0
_STRAY_SYMBOL = -6.0
_AS_GOOD = 8.0
"""How much better, as a natural logarithm, the best reading must be to be taken for sure: three thousand to one."""
_NO_LANGUAGE = -4.5
"""Below this, for each letter of the words in question, a reading makes no words of any language we know."""
_MOSTLY = 0.1
"""The share of bytes beyond ASCII from which on a text that makes no words is not read at all."""
_USUAL_CHINESE = range(0xB0, 0xD8)
"""First bytes of GB 2312's level 1, the 3,755 usual characters."""
_PUNCTUATION = range(0xA1, 0xAA)
_USUAL_BIG5 = range(0xA4, 0xC7)
"""First bytes of Big5's level 1, the 5,401 usual traditional characters; a third of the second bytes are ASCII."""
_SYLLABLES = range(0xB0, 0xC9)
_MANY_SYLLABLES = 12
_MIXED_BIG5 = re.compile(
    rb"[\xa4-\xc6](?:[\x40-\x7e][\xa4-\xc6][\x40-\x7e\xa1-\xfe]|[\xa1-\xfe][\xa4-\xc6][\x40-\x7e])"
)
"""Two characters on end, one of which ends in ASCII: one letter before an ASCII one is a word of any language."""
_WORD = re.compile(r"[^\W\d_]+(?:[^\x00-\x7f][^\W\d_]*)*|[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """``codec`` is Python's name.

    ``other`` is an encoding that explains the bytes about as well and reads them otherwise; then ``example`` and
    ``other_example`` are one word in both.
    """

    codec: str
    is_guessed: bool = False
    other: str = ""
    example: str = ""
    other_example: str = ""
    is_doubtful: bool = False
    """Whether some words are none in any language we know; ``example`` is one."""
    is_cut_off: bool = False
    """Whether the bytes end in the middle of a character."""
    is_damaged: bool = False
    """Whether a few bytes make no character; the others do."""

    @property
    def name(self) -> str:
        return NAMES[self.codec]

    @property
    def errors(self) -> str:
        """What a decoder does with bytes that make no character."""
        return SUBSTITUTED if self.is_damaged else "ignore" if self.is_cut_off else "strict"


def encoding_notes(encoding: Encoding) -> Iterator[bytes]:
    """What is to tell the sender of how his text was read."""
    if encoding.other:
        yield note(
            "encoding-unsure",
            taken=encoding.name,
            other=encoding.other,
            example=encoding.example,
            other_example=encoding.other_example,
        )
    elif encoding.is_doubtful:
        yield note("encoding-doubtful", taken=encoding.name, example=encoding.example)
    elif encoding.is_guessed:
        yield note("encoding", taken=encoding.name)
    if encoding.is_cut_off:
        yield note("cut-off")
    if encoding.is_damaged:
        yield note("damaged-text")


def encoding_of(data: bytes) -> Encoding:
    """Raises ``Refused`` where no encoding makes words of the bytes."""
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return Encoding(codec, is_cut_off=_cut_off(data, codec))
    if (wide := _wide(data)) is not None:
        return Encoding(wide, is_cut_off=_cut_off(data, wide))
    if b"\0" in data:
        raise Refused("not-a-text")
    if _is_utf_8(data):
        return Encoding("utf-8", is_cut_off=_cut_off(data, "utf-8"))
    if _is_damaged_utf_8(data):
        return Encoding("utf-8", is_damaged=True)
    found = _eight_bit(data)
    return replace(found, is_cut_off=_cut_off(data, found.codec))


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of what is ASCII in it is zero, and no others are."""
    even, odd = data[0:_SAMPLE_BYTES:2].count(0), data[1:_SAMPLE_BYTES:2].count(0)
    few, many = sorted((even, odd))
    half = min(len(data), _SAMPLE_BYTES) // 2
    codec = "utf-16-be" if even else "utf-16-le"
    if few or many * 20 < half or not _is_written_in(data[:_SAMPLE_BYTES], codec):
        return None
    return codec


def _is_written_in(sample: bytes, codec: str) -> bool:
    """Whether it holds no control characters so, and has its line ends where there seem to be any."""
    text = sample.decode(codec, "ignore")
    has_lines = "\n" in text or "\r" in text or not re.search(rb"[\r\n]", sample)
    return has_lines and not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", text)


def _cut_off(data: bytes, codec: str) -> bool:
    """Whether the last character is incomplete. Raises ``Refused`` where one before it is none."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        for start in range(0, len(data), _BLOCK):
            decoder.decode(data[start : start + _BLOCK])
    except UnicodeDecodeError:
        raise Refused("unknown-encoding") from None
    return bool(decoder.getstate()[0])


def _is_utf_8(data: bytes) -> bool:
    try:
        _cut_off(data, "utf-8")
    except Refused:
        return False
    return True


def _is_damaged_utf_8(data: bytes) -> bool:
    """Whether nearly all bytes beyond ASCII make UTF-8: other encodings do that for few letters, by chance."""
    text = data.translate(_WITHOUT_ASCII).decode("utf-8", "replace")
    broken = text.count(_REPLACEMENT)
    return len(text) - text.count(" ") - broken > _FEW * broken


# --- Eight bits -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Reading:
    codec: str
    score: float
    words: tuple[str, ...]
    weight: float
    """The part of the score that words with letters beyond ASCII have."""

    @property
    def makes_words(self) -> bool:
        return self.weight >= _NO_LANGUAGE * sum(map(len, self.words))


def _eight_bit(data: bytes) -> Encoding:
    is_traditional = _looks_traditional(data) and _decodes(data, "cp950")
    if not is_traditional and _looks_chinese(data) and _decodes(data, "gb18030"):
        return _east_asian(data)
    sample = _sample(data)
    candidates = (
        _CANDIDATES | (_OLD_MAC if _has_old_mac_lines(data) else {}) | (_DOS | _OLD_MAC if _may_be_dos(sample) else {})
    )
    readings = [
        _reading(codec, text, languages)
        for codec, languages in candidates.items()
        if _decodes(data, codec) and (text := sample.decode(codec, "replace")) is not None
    ]
    readings.sort(key=lambda reading: reading.score, reverse=True)
    if is_traditional and not (readings and readings[0].makes_words):
        return Encoding("cp950", is_guessed=True)
    beyond = sum(map(len, re.findall(rb"[\x80-\xff]+", sample)))
    if not readings:
        if beyond > _MOSTLY * len(sample):
            raise Refused("unknown-encoding")
        return Encoding("latin-1", is_guessed=True)
    best = readings[0]
    if not best.makes_words and beyond > _MOSTLY * len(sample):
        raise Refused("unknown-encoding")
    if not best.makes_words:
        return Encoding(best.codec, is_guessed=True, is_doubtful=True, example=best.words[0][:40])
    return _guessed(best, [other for other in readings[1:] if best.score - other.score < _AS_GOOD])


def _east_asian(data: bytes) -> Encoding:
    """Korean syllables lie where half of the Chinese characters do; many of them and nothing else is Korean."""
    leads = [byte for run in _high_runs(data) for byte in run[: len(run) // 2 * 2 : 2] if byte not in _PUNCTUATION]
    if any(byte not in _SYLLABLES for byte in leads) or not _decodes(data, "cp949"):
        return Encoding("gb18030", is_guessed=True, is_cut_off=_cut_off(data, "gb18030"))
    taken, other = ("cp949", "gb18030") if len(leads) >= _MANY_SYLLABLES else ("gb18030", "cp949")
    example = next((run for run in _high_runs(data) if len(run) > 1), b"")[:8]
    one, two = (example.decode(codec, "replace") for codec in (taken, other))
    return Encoding(taken, True, NAMES[other], one, two, is_cut_off=_cut_off(data, taken))


def _guessed(best: _Reading, others: Sequence[_Reading]) -> Encoding:
    for other in others:
        for one, two in zip(best.words, other.words, strict=False):
            if one != two:
                return Encoding(best.codec, True, NAMES[other.codec], one[:40], two[:40])
    return Encoding(best.codec, is_guessed=True)


def _decodes(data: bytes, codec: str) -> bool:
    try:
        return _cut_off(data, codec) is not None
    except Refused:
        return False


def _has_old_mac_lines(data: bytes) -> bool:
    return b"\r" in data and b"\n" not in data


def _may_be_dos(sample: bytes) -> bool:
    """DOS has its letters where Windows has mostly quotation marks and dashes."""
    beyond = sample.translate(None, _ASCII)
    return len(beyond.translate(None, bytes(range(0x80, 0xA6)))) * 10 < len(beyond) * 6


def _sample(data: bytes) -> bytes:
    """The lines with bytes beyond ASCII, behind some that show the language."""
    lines: list[bytes] = [data[:_CONTEXT_BYTES]]
    size = len(lines[0])
    for found in re.finditer(rb"[^\r\n]{0,200}[\x80-\xff][^\r\n]{0,200}", data[_CONTEXT_BYTES:]):
        lines.append(found[0])
        size += len(found[0])
        if size > _LONGEST_SAMPLE:
            break
    return b"\n".join(lines)


def _reading(codec: str, text: str, languages: Sequence[str]) -> _Reading:
    """The text as its most likely language weighs it; each different word counts once."""
    words = tuple(dict.fromkeys(_WORD.findall(text)))[:_MOST_WORDS]
    telling = tuple(word for word in words if not word.isascii())
    plain = [word for word in words if word.isascii()]
    score, weight = max(_weighed(plain, telling, language) for language in languages)
    return _Reading(codec, score, telling, weight)


def _weighed(plain: Sequence[str], telling: Sequence[str], language: str) -> tuple[float, float]:
    letters, english = LETTERS[language], LETTERS["English"]
    weight = sum(_likelihood(word, letters) for word in telling)
    # Between the words of any language stand part numbers, units and English.
    around = sum(max(_likelihood(word, letters), _likelihood(word, english) - 1) for word in plain)
    return weight + around, weight


def _likelihood(word: str, letters: dict[str, float]) -> float:
    total = 0.0
    for place, letter in enumerate(word):
        found = letters.get(letter) or letters.get(letter.lower())
        if found is None:
            found = _USUAL_SYMBOL if letter in _USUAL_SYMBOLS else _UNKNOWN_LETTER
            if 0 < place < len(word) - 1 and letter not in _BETWEEN_LETTERS:
                found += _STRAY_SYMBOL
        elif place and letter.isupper() and word[place - 1].islower():
            found += _CASE_CHANGE
        total += found
    return total


def _looks_chinese(data: bytes) -> bool:
    """Whether nearly all pairs of high bytes are usual Chinese characters, and not letters of one alphabet.

    GB 18030 decodes most bytes somehow, so that "Müller" in Latin-1 would silently become a Chinese word.
    """
    usual = total = 0
    for run in _high_runs(data):
        total += len(run) // 2 + len(run) % 2
        usual += sum(byte in _USUAL_CHINESE or byte in _PUNCTUATION for byte in run[: len(run) // 2 * 2 : 2])
    return total > 0 and usual >= 0.9 * total and not _looks_cyrillic(data)


def _looks_traditional(data: bytes) -> bool:
    """Whether nearly all pairs are usual characters of Big5, and too many end in ASCII for GB 18030."""
    pairs = [run[place : place + 2] for run in _high_runs(data) for place in range(0, len(run), 2)]
    usual = [pair for pair in pairs if len(pair) > 1 and (pair[0] in _USUAL_BIG5 or pair[0] in _PUNCTUATION)]
    low = sum(pair[1] <= 0x7E for pair in usual if pair[0] in _USUAL_BIG5)  # noqa: PLR2004
    return len(usual) >= 0.9 * len(pairs) and low * 8 > len(pairs) and _MIXED_BIG5.search(data) is not None


def _high_runs(data: bytes) -> Iterator[bytes]:
    """Pairs whose first byte is high; the second of a pair may be ASCII."""
    for found in re.finditer(rb"(?:[\x81-\xfe][\x40-\xfe])+|[\x80-\xff]", data[:_LONGEST_SAMPLE]):
        yield found[0]


def _looks_cyrillic(data: bytes) -> bool:
    """Words in capitals look Chinese at first sight: then the letters decide."""
    text = _sample(data).decode("cp1251", "replace")
    words = [word for word in dict.fromkeys(_WORD.findall(text)) if not word.isascii()]
    length = sum(map(len, words))
    return length > 0 and sum(_likelihood(word, LETTERS["Russian"]) for word in words) > -3.6 * length
