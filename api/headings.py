"""The words around a quote in its other forms: headings of its page, sheets, table and pictures, by code.

English is the msgid of the catalogs in locale/, as for the sentences.
"""

HEADINGS = {
    # The quote as a whole.
    "quote_of": "Landed cost in China: {goods}",
    "more_lines": "{first} and {count} more",
    "number": "Quote",
    "made": "Made on",
    "declared": "Declared on",
    "regime": "Way of import",
    "holds_until": "Holds until",
    "outcome": "Outcome",
    "complete": "complete",
    "estimated": "estimated",
    "incomplete": "incomplete",
    "release": "Data release",
    "fx_release": "Exchange rate release",
    "confidence_letter": "Confidence {letter}",
    "between": "between {low} and {high}",
    # Tables.
    "composition": "What it is made of",
    "goods_lines": "Goods",
    "steps": "Every step",
    "rates": "Rates and sources",
    "notes": "Notes",
    "exchange_rates": "Exchange rates",
    "tables": "Tables",
    "sources": "Documents",
    "alternatives": "Rates that were not used",
    "reasons": "Why it is not certain",
    "assumptions": "Assumptions",
    "warnings": "Warnings",
    "requirements": "Requirements",
    "regimes": "Ways of import compared",
    "payment_options": "Ways of paying compared",
    "open_figures": "What is open, and what it may take off the landed cost",
    # Columns.
    "line": "Line",
    "figure": "Figure",
    "amount": "Amount",
    "value": "Value",
    "unit": "Unit",
    "formula": "Formula",
    "from": "Taken from",
    "source": "Source",
    "date": "Date",
    "confidence": "Confidence",
    "law": "Law",
    "reason": "Reason",
    "description": "Description",
    "hs_code": "HS code",
    "quantity": "Quantity",
    "per_unit": "Per unit",
    "pair": "Pair",
    "use": "Used for",
    "rate": "Rate",
    "exchange_rate": "Exchange rate",
    "published_as": "Published as",
    "table": "Table",
    "version": "Version",
    "known_until": "Known until",
    "text": "Text",
    "authority": "Authority",
    "what_to_do": "What you can do",
    "payee": "Paid to",
    "due": "Due",
    # What an exchange rate is used for.
    "use:customs": "the customs value",
    "use:market": "what is paid",
    "use:user": "both, as you stated",
    # Who is paid.
    "payee:customs": "customs",
    "payee:carrier": "carrier",
    "payee:terminal": "terminal",
    "payee:broker": "customs broker",
    "payee:trucker": "trucker",
    "payee:warehouse": "warehouse",
    "payee:authority": "authority",
    "payee:inspector": "inspector",
    "payee:bank": "bank",
    # Where a figure comes from.
    "request": "your request",
    "step_before": "an earlier step",
    # Pictures.
    "waterfall_content": "{parts}. Together: {total} {currency}.",
    "separator": "; ",
    "part_of_it": "{label}: {amount}",
    "compared_content": "{choices}.",
    "chosen": "{label} (this quote)",
    "closed": "closed",
    "unknown": "not known",
    # How to read it.
    "how_to_verify": "How to check this quote",
    "verify_steps": (
        "Every amount follows from its formula and the figures under it; each figure names the step, the table or the "
        "field of the request that it comes from."
    ),
    "verify_document": "The quote itself, with all digits and for machines, is kept unchanged at {address}.",
    "verify_workbook": "The workbook of the quote reckons every step again: {address}.",
    "verify_letters": (
        "A: read in the official text. B: read in a reprint, or a classification of ours. C: an estimate. "
        "What you stated yourself carries no letter."
    ),
    "not_advice": "An estimate from public sources; customs decides what is due.",
    "live_formulas": (
        "Figures on blue ground may be changed; every amount follows. Amounts are rounded as the law rounds them: an "
        "inner rounding takes away what the machine's binary fractions leave."
    ),
    "held": "As quoted: does not follow changes",
    "zero_because": "Nothing: {reason}",
}
