"""Read gettext catalogues (`.po` files): just what is needed at run time, so that a phone carries no toolkit for it.

Writing, updating and checking them is Babel's work (`make messages`), on a developer's machine.
"""

import ast
import re

Catalogue = dict[tuple[str, str], tuple[str, ...]]
"""Every translation, by context (mostly empty) and English text: one form, or as many as the language has plurals."""

_LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d)\])?\s+)?(".*")')


def read(text: str) -> Catalogue:
    """Return the translations in a catalogue; fuzzy, unfinished and obsolete ones are left out.

    Raises:
        ValueError: a line is neither a comment nor a field of an entry.
    """
    found: Catalogue = {}
    for entry in re.split(r"\n\s*\n", text):
        fields, fuzzy = _fields(entry)
        forms = tuple(fields[name] for name in sorted(fields) if name.startswith("msgstr"))
        if fields.get("msgid") and forms and all(forms) and not fuzzy:
            found[fields.get("msgctxt", ""), fields["msgid"]] = forms
    return found


def _fields(entry: str) -> tuple[dict[str, str], bool]:
    fields: dict[str, str] = {}
    name = ""
    fuzzy = False
    for line in entry.splitlines():
        if line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise ValueError(f"not a line of a catalogue: {line!r}")
        keyword, form, quoted = match.groups()
        name = f"{keyword}{form or ''}" if keyword else name
        fields[name] = fields.get(name, "") + ast.literal_eval(quoted)
    return fields, fuzzy
