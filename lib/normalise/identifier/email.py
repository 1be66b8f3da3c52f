"""E-mail addresses: tidied, checked for form, and told where the domain looks like a slip of the hand."""

from __future__ import annotations

from lib.normalise.identifier.kind import VALID, Kind

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:[.][A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = rf"(?:{_LABEL}[.])+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{2,59}})"

# Slips met in Indian customer lists for gmail, yahoo, hotmail, outlook, rediffmail, icloud: names that are not theirs.
_SLIPS = (
    "gmial", "gmal", "gamil", "gmai", "gmil", "gmaill", "gmaiil", "gmmail", "ggmail", "gnail", "gmqil", "gmsil",
    "gmali", "gamail", "gemail", "gimail", "gmael", "gmailc", "gmaul", "gmaol",
    "g-mail", "gmaik", "yaho", "yahooo", "yhaoo", "yhoo", "yahho", "yaoo", "yahop", "yaaho", "yahhoo",
    "tahoo", "uahoo", "yahoomail", "hotmial", "hotmal", "hotmai", "hotmil", "hotmaill", "hotamil", "homail",
    "hotnail", "hormail", "htmail", "hotmali", "outlok", "outloo", "outllook", "outlooks", "oulook", "outook",
    "redifmail", "rediffmial", "rediffmai", "reddifmail", "reddiffmail", "rediffmal", "rediffmil", "redffmail",
    "rediifmail", "iclod", "icoud", "icloude", "iclould",
)  # fmt: skip
_TYPO_DOMAIN = (
    r"@(?:(?:" + "|".join(_SLIPS) + r")[.][a-z.]+"
    r"|(?:gmail|hotmail|outlook|rediffmail|icloud|yahoo)[.](?:co|cm|om|comm|cim|vom|xom|coom|ocm|cpm|net|org|con|cmo)"
    r"|(?:gmail|rediffmail|icloud)[.](?:in|co[.]in|com[.]in)|yahoo[.](?:coin|con[.]in|co[.]ni|com[.]in)"
    r"|(?:[a-z0-9-]+[.])+(?:con|cmo|comm|coom|ocm|vom|xom))\z"
)

EMAIL = Kind(
    name="email",
    case="domain",
    dropped="",
    repairs=(
        (r"\A[^<>]*<([^<>]*)>[\s\S]*\z", "$1"),
        (r"\A(?:[Mm]ailto|MAILTO|[Ee]-?[Mm]ail|E-?MAIL)(?: *[Ii][Dd])? *:", ""),
        (r"\A[ \"'`(\[<]+", ""),
        (r"[ \"'`)\]>.,;:]+\z", ""),
        (" *@ *", "@"),
    ),
    statuses=(
        (r"\A(?!(?s:.){0,254}\z)", "BAD_LENGTH"),
        (r"\A[^@]*\z", "BAD_FORMAT"),
        (r"@[^@]*@", "BAD_SEVERAL"),
        (rf"\A(?!{_LOCAL}@)", "BAD_LOCAL"),
        (r"\A[^@]{65}", "BAD_LOCAL"),
        (rf"@(?!{_DOMAIN}\z)", "BAD_DOMAIN"),
        (_TYPO_DOMAIN, "VALID_TYPO_DOMAIN"),
        (r"\A", VALID),
    ),
)
"""E-mail address (RFC 5321 and 5322, dot-atom form, in ASCII), with its domain in lower case; the part before the @,
whose case may matter, stays as it is.

VALID_TYPO_DOMAIN: the form is right, but the domain is a well-known slip (gmial.com, yahoo.con); it is not changed,
for whose address it would be no table knows. Reasons: BAD_FORMAT (no @), BAD_SEVERAL (more than one), BAD_LOCAL,
BAD_DOMAIN, BAD_LENGTH. Whether anyone reads it only a message can tell.
"""
