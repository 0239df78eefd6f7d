"""The English of every problem, by code: its title, and the detail that says what to write instead.

Like sentences.py these texts are msgids. {allowed} lists what could stand there; a detail without it gets a sentence
of its own where something is allowed.
"""

PROBLEMS: dict[str, tuple[str, str]] = {
    # the body as such
    "malformed_json": (
        "The body is not JSON",
        "The body cannot be read as JSON.",
    ),
    "idempotency_key_wrong": (
        "The idempotency key is not of the right form",
        "Write an Idempotency-Key of 1 to 200 visible ASCII characters.",
    ),
    "wrong_content_encoding": (
        "The body is packed",
        "Send the body as it is, without Content-Encoding[, not as {given}].",
    ),
    "json_name_expected": (
        "A name is expected",
        "The name of a field in double quotes is expected here[ (line {line}, column {column})].",
    ),
    "json_colon_expected": (
        "A colon is expected",
        "A colon is expected here[ (line {line}, column {column})].",
    ),
    "json_comma_expected": (
        "A comma is expected",
        "A comma or the end of the object or list is expected here[ (line {line}, column {column})].",
    ),
    "json_trailing_comma": (
        "A comma is too much",
        "The comma before the end of the object or list is too much[ (line {line}, column {column})].",
    ),
    "json_value_expected": (
        "A value is expected",
        "A JSON value is expected here[ (line {line}, column {column})].",
    ),
    "json_goes_on": (
        "Something follows the JSON",
        "The JSON value ends before this place: send one value alone[ (line {line}, column {column})].",
    ),
    "json_text_open": (
        "A text does not end",
        "The text that begins here has no closing quotation mark[ (line {line}, column {column})].",
    ),
    "json_control_character": (
        "A control character stands in a text",
        "Write control characters in a text as escapes[ (line {line}, column {column})].",
    ),
    "json_wrong_escape": (
        "An escape cannot be read",
        "There is no such escape after the backslash[ (line {line}, column {column})].",
    ),
    "json_no_number": (
        "This is no number of JSON",
        "“{text}” is no JSON value: write a number in digits, or leave the field out.",
    ),
    "not_utf8": ("The body is not UTF-8", "Send the body as JSON in UTF-8[: byte {position} is not]."),
    "nested_too_deep": (
        "The body is nested too deeply",
        "Objects and lists stand too deep inside one another[: at most {deepest} levels are read].",
    ),
    "lone_surrogate": ("The text holds half a character", "Write characters beyond \\uFFFF as both their halves."),
    "duplicate_key": ("A key stands twice", "The key “{key}” stands twice in the same object: keep one."),
    "wrong_media_type": ("The media type is not supported", "Send the body as application/json[, not as {given}]."),
    "not_acceptable": ("No such form of answer", "The answer cannot be given as {given}."),
    "body_too_large": ("The body is too large", "The body may have at most {longest} bytes."),
    "empty_body": ("The body is empty", "Send the request as a JSON object."),
    # HTTP
    "invalid_request": (
        "Several things are wrong with the request",
        "See the list of errors: each names its place.[ Only the first {shown} are listed.]",
    ),
    "bad_request": ("The request cannot be read", "The request cannot be read[: {detail}]."),
    "not_found": ("There is nothing here", "Nothing is found at this address[: {given}]."),
    "gone": ("It was deleted", "What stood at this address was deleted[ on {on}]."),
    "method_not_allowed": ("The method is not allowed", "This address does not answer to {method}."),
    "unauthorized": ("A key is needed", "Send a valid key: Authorization: Bearer sk_…"),
    "forbidden": ("The key does not allow this", "The key does not allow this call."),
    "key_refused": (
        "The key is not taken",
        "There is no such key, or it is no longer in force: ask whoever gave it to you for another.",
    ),
    "authorization_malformed": (
        "The key is not sent as it must be",
        "Send one header, and nothing beside the key in it: Authorization: Bearer sk_…",
    ),
    "key_in_address": (
        "A key stands in the address",
        (
            "Keys do not belong in addresses, which are kept in histories and logs: send it as Authorization: Bearer sk_…, "
            "and have a key that was sent like this rotated."
        ),
    ),
    "key_not_for_cells": (
        "The key is not for cells",
        "Only a whole sheet key (k_…) may stand in the address of a cell: have any other key that was sent so rotated.",
    ),
    "key_of_wrong_kind": (
        "The kind of key does not allow this",
        "A publishable key is for look-ups and for quotes that are not kept: use a secret key, from a server.",
    ),
    "sheet_key_elsewhere": (
        "A sheet key is for sheets alone",
        "A sheet key opens /v1/sheet/… alone: use a secret key, from a server.",
    ),
    "key_would_store": (
        "The key cannot keep quotes",
        "A publishable key keeps nothing: add ?store=false.",
    ),
    "scope_missing": (
        "The key lacks a scope",
        "The key was made without the scope that this call needs[: {scope}].",
    ),
    "origin_missing": (
        "No origin is given",
        "A publishable key is used from web pages of its registered origins: the header Origin is missing.",
    ),
    "origin_not_registered": (
        "The origin is not registered",
        "The key is not registered for this origin[: {origin}].",
    ),
    "quota_used_up": (
        "The quota is used up",
        "The key's quota for this month is used up[: it begins anew in {seconds} seconds].",
    ),
    "conflict": ("It conflicts with what is stored", "The request conflicts with what is stored."),
    "idempotency_conflict": (
        "The idempotency key belongs to another request",
        "The Idempotency-Key was used with another body: send a new key.",
    ),
    "idempotency_in_progress": (
        "The request is still being worked on",
        "The first request with this Idempotency-Key is still being worked on: ask again in a moment.",
    ),
    "too_many_requests": ("Too many requests", "The limit is reached[: ask again in {seconds} seconds]."),
    "unavailable": ("A source that is needed is away", "A source that is needed is away: ask again later."),
    "database_away": ("The database does not answer", "The database does not answer: ask again in a few seconds."),
    "tables_of_another_version": (
        "The tables are of another version",
        "The tables of the database are at revision {found}, and this version needs {needed}.",
    ),
    "internal_error": ("The server made a mistake", "The mistake is ours and was recorded[ under {request_id}]."),
    # fields
    "unknown_field": ("The field is unknown", "There is no field “{field}” here.[ Known: {allowed}.]"),
    "missing_field": ("A field is missing", "This field is required[: write it like {allowed}]."),
    "null_not_allowed": ("A value is missing", "null cannot stand here: give a value, or leave the field out."),
    "wrong_type": ("The kind of value is wrong", "Another kind of value is expected here[: {expected}]."),
    "wrong_value": ("The value is wrong", "This value cannot stand here[: {text}]."),
    "wrong_form": ("The form of the text is wrong", "“{text}” cannot stand here.[ Write it like {allowed}.]"),
    "not_a_choice": ("The choice is unknown", "“{text}” cannot stand here.[ Choose one of: {allowed}.]"),
    "not_offered_yet": ("This is not offered yet", "“{text}” is not offered yet.[ Choose one of: {allowed}.]"),
    "empty_text": ("The text is empty", "Write a text here, or leave the field out.[ Write it like {allowed}.]"),
    "text_too_long": ("The text is too long", "The text may have at most {longest} characters."),
    "control_character": (
        "The text holds a control character",
        "Write the text on one line, without control characters.",
    ),
    "too_many": ("There are too many entries", "Give at most {most}."),
    "no_goods": ("There are no goods", "Give at least one line of goods[ and at most {most}]."),
    "goods_not_identified": (
        "The goods are not identified",
        "Say which goods they are.[ Give one of: {allowed}.]",
    ),
    "not_a_day": ("A day is expected", "“{text}” is not a day: write year-month-day[, such as {allowed}]."),
    "day_out_of_range": ("The day is out of range", "“{text}” is out of range.[ First and last day: {allowed}.]"),
    "place_without_country": (
        "The place cannot be read",
        "Write “{text}” as the code of a port, or with the two letters of its country.[ Examples: {allowed}.]",
    ),
    "unknown_source": ("The source is unknown", "There is no source “{text}”.[ Nearest: {allowed}.]"),
    "unknown_table": ("The table is unknown", "There is no table “{text}”.[ Nearest: {allowed}.]"),
    "unknown_cursor": ("The cursor is unknown", "“{text}” names no entry of this list: begin without a cursor."),
    "unknown_release": ("The data release is unknown", "There is no data release “{text}”.[ Known: {allowed}.]"),
    "not_a_pair": (
        "The currency pair cannot be read",
        "“{text}” is not a pair of currencies.[ Write it like {allowed}.]",
    ),
    "pair_without_yuan": (
        "The pair lacks the yuan",
        "“{text}” has no use here: one side of the pair must be CNY.[ Write {allowed}.]",
    ),
    # numbers
    "not_a_number": ("It is not a number", "“{text}” is not a number[: {hint}][, such as {allowed}]."),
    "ambiguous_number": (
        "The number is ambiguous",
        "“{text}” could be read in two ways: the point is the decimal sign[; write {write}].",
    ),
    "negative_number": (
        "The number is negative",
        "“{text}” is negative: write a number of 0 or more[, such as {allowed}].",
    ),
    "not_positive": (
        "The number must be more than zero",
        "[“{text}” is not more than zero: ]write a number above 0.",
    ),
    "too_many_digits": (
        "The number has too many digits",
        "“{text}” has too many digits: at most {digits} before the point and {places} after it.",
    ),
    # units and quantities
    "missing_unit": ("The unit is missing", "“{text}” has no unit: write it after the number, such as {text} kg."),
    "unknown_unit": ("The unit is unknown", "“{text}” is not a known unit.[ Nearest: {allowed}.]"),
    "ambiguous_unit": ("The unit is ambiguous", "“{text}” names several units: write one of {allowed}."),
    "unit_kind_mismatch": (
        "The unit is of another kind",
        "{unit} is a unit of {kind}, and {wanted} of {wanted_kind} is needed.[ Write one of: {allowed}.]",
    ),
    "no_fixed_factor": ("The units do not convert", "No fixed factor leads from {unit} to {wanted}."),
    "quantity_missing": (
        "A quantity is missing",
        "{needed_for} is reckoned by {unit}, and {given} does not give it.[ Add {allowed}.]",
    ),
    "package_unknown": (
        "The package is unknown",
        "How many {unit} the goods make is not known[ for {product}]: name a package, or write another unit.",
    ),
    "unknown_package": (
        "The package is unknown",
        "The product {product} has no package “{package}”.[ Known: {allowed}.]",
    ),
    "allocation_weight_missing": (
        "A figure for sharing the costs is missing",
        "Common costs are to be shared by {basis}: give it for every line.",
    ),
    # goods
    "unknown_product": ("The product is unknown", "There is no product “{product}”.[ Nearest: {allowed}.]"),
    "unknown_hs_code": ("The tariff code is unknown", "The tariff has no line {hs_code}.[ Nearest: {allowed}.]"),
    "unknown_fraccion": (
        "The Mexican export code is unknown",
        "There is no Mexican export code {fraccion}.[ Nearest: {allowed}.]",
    ),
    "not_an_hs_code": (
        "The tariff code cannot be read",
        "“{text}” is not a tariff code: write its 8 digits[, such as {allowed}].",
    ),
    "code_needed": (
        "The tariff code is needed",
        "Goods such as {product} fall into several lines: give hs_code.[ Lines: {allowed}.]",
    ),
    "ambiguous_code": (
        "The tariff code is ambiguous",
        "{hs_code} has several lines that are taxed differently.[ Give one of: {allowed}.]",
    ),
    "codes_disagree": ("The codes disagree", "{product} does not belong to {hs_code}.[ Its line is {allowed}.]"),
    "tariff_needed": (
        "The tariff is needed",
        "These goods are outside the tables: give tariff.duty, tariff.vat and tariff.consumption_tax.",
    ),
    "attribute_missing": (
        "A fact about the goods is missing",
        "{needed_for} depends on “{attribute}”: give it under attributes[, such as {allowed}].[ The classes: {classes}.]",
    ),
    "attribute_not_a_number": (
        "The attribute must be a number",
        "“{given}” is not a number for {attribute}.[ Write a number such as {allowed}.]",
    ),
    "category_undecided": (
        "The class of the goods cannot be decided",
        "The attributes fit none of the classes that {needed_for} knows here.[ The classes: {classes}.]",
    ),
    "unreadable_density": ("The density cannot be read", "“{text}” is not a density.[ Write it like {allowed}.]"),
    # rates
    "not_a_share": ("A share is expected", "“{text}” is not a share of a value.[ Write it like {allowed}.]"),
    "write_percent": ("A percent sign is missing", "“{text}” can be read in two ways.[ Write {allowed}.]"),
    "negative_rate": (
        "The rate is negative",
        "“{text}” is negative: a rate is 0% or more.[ Write it like {allowed}.]",
    ),
    "rate_too_high": ("The rate is too high", "“{text}” is too high[: at most {allowed}]."),
    "unreadable_rate": ("The rate cannot be read", "“{text}” is not a rate.[ Write it like {allowed}.]"),
    "duty_form_unknown": (
        "This form of duty cannot be used here",
        (
            "A duty of the form “{form}” cannot be used here: write a share, an amount per unit, or both.[ Write "
            "it like {allowed}.]"
        ),
    ),
    "duty_rate_unread": (
        "The duty rate is not in the tables",
        "The {kind} of this line is known to exist but was not read: give tariff.duty.",
    ),
    "trade_remedy_rate_unknown": (
        "The trade-remedy rate is not in the tables",
        (
            "A trade remedy applies ({kind}[, {part}][; {note}]), and its rate is not known: give "
            "tariff.trade_remedies.[ Write {allowed}.]"
        ),
    ),
    # law and day
    "no_row_in_force": (
        "The table has no row for the day",
        "Table {table} has no row for {key}[ on {on}][; its first day is {covered_from}].",
    ),
    "no_duty_rate": (
        "No duty rate is in force",
        "Table {table} has no duty rate for {key} on this day[; its first day is {covered_from}]: give tariff.duty.",
    ),
    "no_vat_rate": ("No VAT rate is in force", "Table {table} has no rate for {key} on this day: give tariff.vat."),
    # exchange rates
    "unknown_currency": (
        "The currency is unknown",
        "There is no rate for the currency “{currency}”.[ Nearest: {allowed}.]",
    ),
    "no_exchange_rate": (
        "There is no exchange rate for the day",
        (
            "Table {table} has no rate for {key}[ on {on}][ for the month {month}]"
            "[; its first day is {covered_from}][; its last day is {covered_to}][; last known on {last_known}]. "
            "Give the rate under fx or customs_fx."
        ),
    ),
    "exchange_rate_stale": (
        "The exchange rate is too old",
        "The market rate {pair} is of {on}, {age_days} days old: give the rate under fx.",
    ),
    "exchange_rates_disagree": (
        "The exchange rates disagree",
        "{straight} and {inverse} are given for both directions and do not agree: keep one of them.",
    ),
    # terms and costs
    "leg_missing": (
        "A cost is missing",
        "Under {incoterm} the buyer pays: {leg}. State what it costs.[ Write {allowed}.]",
    ),
    "unknown_leg": ("The cost is unknown", "There is no cost “{leg}” on this side.[ Known: {allowed}.]"),
    "leg_beyond_place": (
        "The cost lies beyond the place of the Incoterm",
        "A price under {incoterm} cannot contain costs after unloading in China.[ Terms that can: {allowed}.]",
    ),
    "premium_too_high": (
        "The premium is too high",
        "A premium of {rate} on {insured} of CIF would be all of CIF or more.",
    ),
    "ddp_not_solvable": (
        "The price cannot be solved backwards",
        (
            "Under DDP the taxes inside the price cannot be solved where they depend on: {because}.[ Use "
            "{allowed} and state the taxes apart.]"
        ),
    ),
    "customs_value_negative": (
        "The customs value would be negative",
        "What is taken off the customs value is more than the value itself: it would come to {value} CNY.",
    ),
    "costs_exceed_price": (
        "The stated costs exceed the price",
        "The price contains these costs, and they are more than the price: the goods would come to {goods} CNY.",
    ),
    "excise_rate_too_high": (
        "The rate of the consumption tax is too high",
        "The tax is a share of a price that contains it: write less than 100%, not {rate}.",
    ),
    "quantities_disagree": (
        "Two quantities of the same goods disagree",
        "{first} and {second} tell different amounts of the same goods: keep one, or make them agree.",
    ),
    "gross_below_net": (
        "The gross weight is below the net weight",
        "The gross weight holds the net weight and the packing: it cannot be less than the net weight.",
    ),
    "place_does_not_fit": (
        "The place does not fit the Incoterm",
        "Under {incoterm} the named place is not “{place}”: it must be in {allowed}.",
    ),
    "no_sliding_quota": (
        "There is no sliding quota",
        "No sliding duty is in force for {hs_code} on this day: leave tariff_quota out.",
    ),
    "no_tariff_quota": (
        "There is no tariff quota",
        "{hs_code} has no tariff quota on this day: leave tariff_quota out.",
    ),
    "quota_beside_own_duty": (
        "A quota beside a duty of your own",
        "The request states tariff.duty, so a quota changes nothing: keep one of the two.",
    ),
    "no_agreement_rate": (
        "There is no agreement rate",
        "The tables have no agreement rate for goods of {origin}: give tariff.duty, or leave preference out.",
    ),
    "preference_not_comparable": (
        "The lower duty cannot be told",
        "Which of the agreement duty and the other is lower depends on amounts: give tariff.duty.",
    ),
    "origin_needed": (
        "The origin is needed",
        (
            "A trade remedy may apply to goods of unknown origin, and which duty is higher depends on amounts: "
            "give the origin.[ Such as: {allowed}.]"
        ),
    ),
    "unknown_origin": (
        "The origin is unknown",
        "There is no country “{origin}”.[ Nearest: {allowed}.] Write unknown where nobody can prove the origin.",
    ),
    "attribute_not_a_choice": (
        "The attribute cannot be that",
        "“{given}” cannot stand for {attribute}.[ Choose one of: {allowed}.]",
    ),
    "threshold_not_in_yuan": (
        "The threshold must be in yuan",
        "A threshold of this form is compared in yuan, not in {currency}.",
    ),
    "threshold_unit_differs": (
        "The units differ",
        "The threshold is for each {unit}, the amounts are not: use one unit.[ Write {allowed}.]",
    ),
    "not_in_regime": (
        "The regime does not know this",
        "{field} has no place in {regime}: leave it out, or ask for another regime.[ Regimes that know it: {allowed}.]",
    ),
    "remedy_in_regime_unknown": (
        "A trade remedy in this regime",
        (
            "Whether trade remedies are collected in {regime} was not seen: state that there is none, or use "
            "general_trade.[ Write {allowed}.]"
        ),
    ),
    "regime_closed": (
        "The regime is closed to this request",
        "{regime} is closed to these goods: {because}[ ({amount} CNY against a limit of {limit} CNY)].[ Open: {allowed}.]",
    ),
    "not_a_country": (
        "It is not a country",
        "“{text}” is no country code: write two capital letters (ISO 3166), or unknown.[ Such as: {allowed}.]",
    ),
    "not_a_whole_number": (
        "A whole number is expected",
        "“{text}” cannot stand here: write a whole number from 0 to {most}, in digits.[ Limits: {allowed}.]",
    ),
    "late_days_and_paid_on": (
        "The delay is told twice",
        "Give the days of delay or the day of payment, not both.[ Keep one of: {allowed}.]",
    ),
    "paid_before_declared": (
        "Paid before the declaration",
        "The taxes cannot be paid before the day of the declaration, {declared_on}.[ First day: {allowed}.]",
    ),
    "excise_form_not_allowed": (
        "The consumption tax has no such form",
        (
            "“{text}” is no consumption tax: write a share, an amount for each unit or both; two classes told "
            "apart by value must be two amounts for one unit, two shares, or two shares beside the same amount.[ "
            "Write it like {allowed}.]"
        ),
    ),
    "attribute_not_in_yuan": (
        "The amount must be in yuan",
        "An amount among the attributes is in yuan, not in {currency}: convert it.[ Currency: {allowed}.]",
    ),
    "unknown_problem_type": (
        "The type of problem is unknown",
        "There is no type of problem “{text}”.[ Nearest: {allowed}.]",
    ),
    "unknown_rule": (
        "The rule is unknown",
        "There is no rule “{text}”.[ Nearest: {allowed}.]",
    ),
    "quota_needs_mfn_origin": (
        "A quota needs an origin with MFN treatment",
        "A tariff quota is open to goods whose origin takes the MFN rate; goods of {origin} were not seen to.",
    ),
    "customs_value_zero": (
        "The customs value is nothing",
        "The goods are worth less than half a fen, and their duty is a share of the value of a unit: give a higher price.",
    ),
    "measure_missing": (
        "A measure of the goods is missing",
        "The way ({mode}) is charged by it, and no package of the product tells it: give {field}.[ Write {allowed}.]",
    ),
    "more_than_fits": (
        "More than fits",
        "The goods need {amount} containers, more than the {limit} stated.[ Give {allowed}.]",
    ),
    "days_missing": (
        "The days are missing",
        "No usual days of the way are known: give holding.finance_days[, such as {allowed}].",
    ),
    "route_needed": (
        "A route is needed",
        "What this costs is told by the tables of the way: give route.",
    ),
    "weight_contradicts_package": (
        "The weight contradicts the packages",
        "The packages ({package}) hold {net} kg net in all: give another weight, or another package.[ Write {allowed}.]",
    ),
    "planning_needs_route": (
        "Planning freight needs a route",
        "The planning range is that of a lane: give route with mode, from and to, or state the freight in money.",
    ),
    "not_in_mode": (
        "The mode does not know this",
        "{field} has no place in the mode {mode}: leave it out, or choose another mode.[ Modes that know it: {allowed}.]",
    ),
    "loss_of_everything": (
        "The loss is too high",
        "“{text}” leaves nothing of the goods: a loss is less than 100%.[ Write it like {allowed}.]",
    ),
    "conversion_needs_product": (
        "The product is needed",
        "How much a {unit} holds depends on the product: add product to the address.[ Such as: {allowed}.]",
    ),
    "unknown_place": (
        "The place is unknown",
        "There is no port or airport “{place}” in the tables.[ Nearest: {allowed}.]",
    ),
    "unknown_mode": (
        "The mode is unknown",
        "There is no mode “{mode}”.[ Choose one of: {allowed}.]",
    ),
    "place_not_of_country": (
        "The place lies in another country",
        "“{place}” is not in {country}: goods go from Mexico to China.[ Nearest: {allowed}.]",
    ),
    "unknown_equipment": (
        "The equipment is unknown",
        "There is no equipment “{equipment}” for this mode.[ Nearest: {allowed}.]",
    ),
    "equipment_needed": (
        "The equipment is needed",
        "Say which container the goods fill.[ Choose one of: {allowed}.]",
    ),
    "no_such_lane": (
        "There is no such way",
        "No way by {mode} is known from {origin} to {destination}.[ Known: {allowed}.]",
    ),
    "days_reversed": (
        "The days are the wrong way round",
        "The first day ({first}) is after the last ({last}).",
    ),
    "history_too_long": (
        "The history is too long",
        "Ask for at most {most} years at once.",
    ),
    "customs_rate_not_fixed": (
        "The customs rate is not fixed yet",
        "The customs rate of {month} is the parity of {source_day}, a day to come.",
    ),
    "rail_without_currency": (
        "The rail does not carry the currency",
        "{rail} does not carry {currency}.[ It carries: {allowed}.]",
    ),
    "rail_without_charges": (
        "The rail has no such choice",
        "{rail} does not let the parties choose who bears the charges: leave charges out.",
    ),
    "more_than_rail_carries": (
        "More than the rail carries",
        "The payment of {amount} CNY is more than the {limit} CNY that this rail carries.",
    ),
    "unknown_rail": (
        "The way of paying is unknown",
        "There is no way of paying “{rail}” in the tables.[ Nearest: {allowed}.]",
    ),
    "two_ways_of_paying": (
        "Two ways of paying are given",
        "Name a rail of the tables or give your own, not both.[ Keep one of: {allowed}.]",
    ),
    "fee_of_everything": (
        "The fee is too high",
        (
            "“{text}” leaves nothing of the amount: a fee, a tax on it or a margin is less than 100%.[ Write it "
            "like {allowed}.]"
        ),
    ),
    "minimum_above_maximum": (
        "The limits are reversed",
        "The least, {least}, is more than the most, {most}.",
    ),
    "fee_twice": (
        "A fee stands twice",
        "There are two fees “{fee}”: give each a code of its own.",
    ),
    "fees_exceed_payment": (
        "The fees exceed the payment",
        "The seller's fees by this rail come to {amount} CNY, more than the payment of {limit} CNY.",
    ),
    "load_unknown": (
        "The load is unknown",
        (
            "How much of the goods ({product}) goes into one {unit} is not known: give another quantity, or "
            "net_weight as well.[ Known: {allowed}.]"
        ),
    ),
    "leg_twice": (
        "A cost is stated twice",
        "all_in stands for all charges of the side, {leg} among them: keep one.[ Keep {allowed}.]",
    ),
    "no_planning_range": (
        "There is no planning range",
        "No planning range is known for this way: state the freight in money.[ Write {allowed}.]",
    ),
    "no_such_charge": (
        "The tables have no such charge",
        "What a day costs is not known for this way ({mode}): leave it out.",
    ),
    "usual_loss_unknown": (
        "The usual loss is not known",
        "How these goods are kept is not known: give the loss as a share[, such as {allowed}].",
    ),
    "kept_in_one_language": (
        "The quote can be told in its own language alone",
        "This quote was made by an earlier version of Galeón: it can be read as it was made, in {language}.",
    ),
    "share_ended": (
        "The quote is no longer shared",
        "This address of a quote has ended: ask whoever gave it to you for a new one.",
    ),
    "no_such_file": (
        "There is no such file",
        "There is no file {text} here.[ Choose one of: {allowed}.]",
    ),
    "no_such_quote": (
        "There is no such quote",
        "There is no quote {text}, or it is not kept any more.",
    ),
    "no_such_figure": (
        "The quote has no such figure",
        "This quote has no {field}: it has several lines of goods, or nothing to tell there.",
    ),
    "beside_a_quote": (
        "A kept quote stands alone",
        "A kept quote says everything itself: leave this out, or leave out the quote.",
    ),
    "columns_missing": (
        "Columns are missing",
        "Every row needs columns that are not there: {missing}.[ Found: {found}.]",
    ),
    "columns_alike": (
        "Two columns stand for the same",
        "The columns “{first}” and “{second}” both stand for {name}: keep one.",
    ),
    "unknown_column": (
        "No such name of a column",
        "{name} is no name that a column can stand for.",
    ),
    "rows_disagree": (
        "The rows of a shipment disagree",
        "The rows of one shipment say this of the whole: write {first} in every row, or leave it empty in all but the first.",
    ),
    "shipment_not_adjacent": (
        "The rows of a shipment do not stand together",
        "This shipment began further up, and rows of others stand between: put its rows one after the other.",
    ),
    "shipment_too_long": (
        "The shipment has too many rows",
        "A shipment may have at most {most} rows; this one has {rows} or more.",
    ),
    "row_beside_refused": (
        "Another row of the shipment is wrong",
        "Another row of this shipment cannot be priced, and so the whole of it cannot.",
    ),
    "float_not_exact": (
        "A number is not exact",
        "{text} is a binary number with more digits than it is sure to keep: send it as text or as a decimal.",
    ),
    "value_not_read": (
        "A value cannot be read",
        "{text} is neither a text nor a number, a date or a truth value.",
    ),
    "amount_overflows": (
        "The amounts become too large",
        "An amount of this row comes to {most} or more, which no column holds.",
    ),
    "row_not_read": (
        "The row cannot be read",
        "What stands in line {line} of the file is no row: {why}.",
    ),
    "row_too_long": (
        "The row has too many cells",
        "Line {line} of the file has {cells} cells, the headings are {headings}. Behind the last heading stands: {rest}.",
    ),
    "cell_not_reckoned": (
        "The formula has no value",
        "The formula in cell {cell} has no value[ but {text}]: put it right, let the workbook reckon and save it.",
    ),
    "unknown_form": (
        "The form of the file is not known",
        "Send CSV, NDJSON, JSON, XLSX, ODS, Parquet or Arrow by its media type, in UTF-8, or say ?format=[; not {given}].",
    ),
    "file_not_read": (
        "The file cannot be read",
        "The file of rows cannot be read: {why}.",
    ),
    "sheet_of_no_workbook": (
        "Only a workbook has sheets",
        "A sheet can be named of an XLSX or ODS workbook alone.",
    ),
    "no_such_heading": (
        "There is no such heading",
        "The file has no heading “{text}”.",
    ),
    "job_not_done": (
        "The job has no result",
        "The job is {status}: it has a result when it is done.",
    ),
    "nothing_varied": (
        "Nothing varies",
        "Say in vary what is to be compared, each with at least one value: {allowed}.",
    ),
    "too_many_scenarios": (
        "There are too many scenarios",
        "At most {most} scenarios are compared at once; these are {scenarios}.",
    ),
    "price_for_each_line": (
        "Each line of goods needs a price",
        "There are {lines} lines of goods and {prices} prices here: write one price for each line, in their order.",
    ),
    "price_varied_twice": (
        "The price varies in two places",
        "Prices stand beside the terms already: leave out vary.price, or the prices of the terms.",
    ),
    "one_open_price": (
        "One price is sought",
        "Leave the amount out of the price of one line of goods, the one that is sought; it is left out of {prices}.",
    ),
    "target_too_low": (
        "The target is below the costs beside the goods",
        "Already at a price of {price} the landed cost is {landed_cost} CNY; there is to be paid beside the goods: {costs}.",
    ),
    "target_too_high": (
        "The target is beyond every price",
        "Even at the highest price that can be asked, {most}, the landed cost is below the target.",
    ),
    "unit_not_counted": (
        "The goods are not counted in that unit",
        "How many {unit} there are of these goods is not known. Choose one of: {allowed}.",
    ),
    "not_a_shock": (
        "A shock is expected",
        "Write by how much the figure moves, in percent: {allowed}[, not “{text}”].",
    ),
    "falls_by_more_than_all": (
        "A figure cannot fall by more than all of it",
        "Nothing falls by more than 100%[, as {text} would].",
    ),
    "not_a_lost_share": (
        "A share that is lost is expected",
        "Write which share of the goods is lost, from 0% to below 100%[, not {text}].",
    ),
    "grid_of_two": (
        "A grid has two sides",
        "Name two different shocks for the grid: {allowed}.",
    ),
    "grid_without_shocks": (
        "The grid names a shock that is not given",
        "Give shocks.{shock} too, or name one of: {allowed}.",
    ),
    "duty_not_scaled": (
        "The sliding duty is no multiple",
        "The sliding duty of cotton follows from the price by its own formula: it cannot be moved by a percentage.",
    ),
    "consumption_tax_of_everything": (
        "The consumption tax would be the whole price",
        "Moved so far the consumption tax would be 100% of the price that contains it, or more.",
    ),
    "no_quote_file": (
        "This is no quote file",
        "A file that “galeon export” or …/q_….galeon.json wrote is expected.",
    ),
    "file_of_another_version": (
        "The file is of another version",
        "This program reads files of version {allowed}; this one is {version}.",
    ),
    "file_of_another_engine": (
        "The quote is of another engine",
        "The quote was reckoned by engine {engine}, and this is {ours}: only that one can verify it.",
    ),
    "rows_not_read": (
        "The rows of the file cannot be read",
        "The rows that the quote rests on cannot be read: {why}.",
    ),
    "not_a_moment": (
        "A moment is expected",
        "Write a moment with its time zone, like {allowed}[, not {text}].",
    ),
    "too_much_at_once": (
        "This is too much for one call",
        "One call prices at most {most} lines of goods; here are {lines}, {times} times each. Ask for less.",
    ),
    "file_not_signed": (
        "The file is not signed",
        "A signature was asked for, and the file has none.",
    ),
    "signature_unreadable": (
        "The signature cannot be read",
        "A signature has an algorithm, a key_id and a value of 64 bytes as base64url, all three texts and nothing else.",
    ),
    "signature_of_another_kind": (
        "The signature is of another kind",
        "This program checks {allowed}; the signature is said to be {kind}.",
    ),
    "signed_by_another_key": (
        "The file names another key",
        "The file says that key {key} signed it; the keys given are {allowed}.",
    ),
    "signature_wrong": (
        "The signature is not of this file",
        "Key {key} did not sign this file as it stands: it was changed afterwards, or the signature is that of another file.",
    ),
    "not_declared_by_form": (
        "These goods are not declared so",
        "Personal articles that come by post are not declared by the form of goods: there is no sheet for {regime}.",
    ),
    "not_reckoned_again": (
        "The quote cannot be reckoned again here",
        "It was kept without the rows it rests on, or by another engine: ask for a new quote.",
    ),
    "mcp_not_installed": (
        "This server has no MCP",
        "The tools for language models need the SDK of MCP: whoever runs this server installs {package}.",
    ),
    "unknown_step": (
        "The quote has no such step",
        "The quote has no step “{step}”.[ Choose one of: {allowed}.]",
    ),
    "step_of_other_lines": (
        "The line has no such step",
        "The line of goods has no step “{step}” of its own.[ Lines that have it: {allowed}.]",
    ),
    "which_quote": (
        "Say which quote",
        "Say which quote is meant: its request, or the id under which it is kept, one of the two.[ Give one of: {allowed}.]",
    ),
    "bill_day_needed": (
        "The day of an invoice is missing",
        "An invoice in {currency} needs its day, `on`, so that its rate is known; or state its rate in `fx`.",
    ),
    "bill_rate_not_its_own": (
        "A rate that is not the invoice's own",
        "An invoice has one rate in `fx`, that of its own currency to the yuan; this one is in {currency}.",
    ),
    "customs_value_in_yuan": (
        "A customs value in other money",
        "Customs states the customs value in yuan; {currency} was given. Write the value of the tax bill.",
    ),
    "quote_or_request": (
        "A quote or a request",
        "A bill is held against one thing, a kept `quote` or a `request`: give one of them, and not both.",
    ),
    "nothing_billed": (
        "A bill of nothing",
        "The bill has no line.",
    ),
    "billed_twice": (
        "An invoice stands twice",
        "Nothing tells this invoice of {figure} from that at {first}. Leave out the duplicate; invoices of one line "
        "differ in `on` or `invoice`.",
    ),
    "bill_names_another_quote": (
        "A bill of another shipment",
        "The invoice names the quote {quote}, and is held against another one.",
    ),
    "bill_of_another_shipment": (
        "A bill of another shipment",
        "Neither the codes nor the quantities nor the customs values that the bill shows come near those of the quote: "
        "it is the bill of another shipment.",
    ),
    "facts_for_each_line": (
        "Facts for other lines of goods",
        "The quote has {lines} lines of goods, and the facts speak of {facts}. Write one entry for each, in the order of "
        "the quote; an empty one where the bill shows nothing.",
    ),
    "bill_quantity_of_another_kind": (
        "A quantity that cannot be compared",
        "The quote does not tell how many {unit} its {given} are, so the quantity of the bill cannot be put in its place.",
    ),
    "quote_not_reckoned_again": (
        "A quote that cannot be reckoned again",
        "The quote was kept by another engine or without the rows that it rests on, so its causes cannot be told. Ask "
        "for it again and reconcile that quote, or send its `request`.",
    ),
    "quote_file_changed": (
        "A quote file that was changed",
        "The file {file} is not what it says[; changed: {parts}][; reckoned again it differs at {place}]. Nothing is "
        "held against it.",
    ),
    "bill_file_not_read": (
        "A file that cannot be read",
        "The file {file} cannot be read[: {why}].",
    ),
    "not_a_band": (
        "A band of exchange rates is expected",
        "“{text}” is no band of exchange rates: write a share from 0% to below 100%.",
    ),
    "no_part_of_the_line": (
        "The line has no part with a rate of its own",
        "No part of the line[ {hs_code}] is known to have a provisional rate of its own on this day: leave tariff_part out.",
    ),
    "which_part_of_the_line": (
        "Which part of the line is not clear",
        "The parts of {hs_code} with a provisional rate of their own are, in the official Chinese text: {allowed}. Write one "
        "of them in tariff_part, or false.",
    ),
    "part_beside_quota": (
        "A part of the line beside a quota",
        "The rate of a part of the line and that inside a quota exclude each other: keep tariff_part or tariff_quota.",
    ),
    "part_needs_mfn_origin": (
        "A provisional rate needs an origin with MFN treatment",
        "The provisional rate of a part is for goods whose origin takes the MFN rate; goods of {origin} were not seen to.",
    ),
    "not_a_fraccion": (
        "The Mexican export code cannot be read",
        "“{text}” is not a fracción: write its 8 digits, or 10 with the NICO[, such as {allowed}].",
    ),
    "subheading_gone": (
        "China has no such subheading",
        "The Chinese schedule has no subheading {subheading}[ ({name})]. Lines of heading {heading} that bear its name today: "
        "{allowed}. Choose one as hs_code.",
    ),
    "subheading_not_there": (
        "China has no such subheading",
        "The Chinese schedule has no subheading {subheading}[ ({name})]. Lines of its heading {heading} "
        "today: {allowed}. Choose one as hs_code.",
    ),
    "line_divided": (
        "The subheading is divided today",
        "The Chinese schedule has no line {hs_code}: today its subheading {subheading} is divided into "
        "{allowed}. Choose one as hs_code.",
    ),
    "fraccion_disagrees": (
        "The codes disagree",
        "The fracción {fraccion} does not lead to {other}: their first six digits differ.[ It leads to {allowed}.]",
    ),
    "fraccion_and_words": (
        "A fracción and words together",
        "Ask for a fracción or search with q, not both at once.",
    ),
    "quote_deleted": (
        "The quote was deleted",
        "This quote was deleted[ on {on}]: nothing of it is kept. Ask for it anew.",
    ),
    "job_deleted": (
        "The job was deleted",
        "This job was deleted[ on {on}]: neither its file nor its rows are kept. Send the file anew.",
    ),
    "no_keys_here": (
        "The server has no keys",
        "Without keys this server answers on its own machine alone: start it with GALEON_AUTH=keys to be called from others.",
    ),
    "part_beside_own_duty": (
        "A part of the line beside a duty of your own",
        "The request states tariff.duty, so that the rate of the claimed part (in the official Chinese text: {part}) changes "
        "nothing: keep tariff_part or tariff.duty.",
    ),
    "others_to_choose": (
        "Other goods are to be chosen too",
        "The code of goods {number} leaves several lines to choose from as well: what this comes to follows once that is "
        "chosen.",
    ),
    "code_without_zero": (
        "The code lacks a digit",
        "“{text}” has {digits} digits, and no code has so many. Spreadsheets drop a zero at the beginning: "
        "did you mean {allowed}?",
    ),
}
