"""The English of every answer, by code: labels of figures, words of formulas, remarks, reasons and problems.

These texts are the msgids of the catalogs in locale/. {names} are facts of the case; a part in [square brackets] is left
out where one of its facts is missing. Formulas read the labels in lower case; a step's own label gets its capital later.
"""

LABELS = {
    # the figures of the totals
    "goods": "goods",
    "freight": "freight",
    "insurance": "insurance",
    "origin_charges": "charges at origin",
    "destination_charges": "charges at destination",
    "customs_value": "customs value",
    "presumed_insurance": "presumed insurance",
    "customs_duty": "customs duty",
    "trade_remedies": "trade-remedy duties",
    "consumption_tax": "consumption tax",
    "vat": "import VAT",
    "postal_articles_tax": "postal articles tax",
    "taxes": "duties and taxes",
    "payment_cost": "payment cost",
    "landed_cost": "landed cost",
    "landed_cost_net_of_vat": "landed cost net of recoverable VAT",
    "landed_cost_display": "landed cost in the display currency",
    # what is due after waivers: in a formula it reads like the tax itself, as a step it says what it is
    "customs_duty_due": "customs duty",
    "consumption_tax_due": "consumption tax",
    "vat_due": "import VAT",
    "step:customs_duty_due": "customs duty due after the waiver",
    "step:consumption_tax_due": "consumption tax due after the waiver",
    "step:vat_due": "import VAT due after the waiver",
    # price and customs value
    "unit_price": "unit price",
    "priced_quantity": "quantity in the unit of the price",
    "invoice_value": "invoice value",
    "transaction_value": "price in yuan at the customs rate",
    "price_value": "price in yuan at the market rate",
    "dutiable_carriage": "carriage to the place of entry",
    "carriage_share": "the line's part of the carriage to the place of entry",
    "dutiable_premium": "insurance premium paid by the buyer",
    "premium_share": "the line's part of the insurance premium",
    "inland_costs": "costs after unloading that the price contains",
    "inland_share": "the line's part of the costs after unloading",
    "premium": "insurance premium",
    "premium_rate": "premium rate",
    "insured": "insured share of CIF",
    "presumed_premium": "presumed insurance premium",
    "presumed_premium_rate": "rate of the presumed premium",
    "buyers_carriage": "carriage that the buyer pays",
    "additions": "additions to the price",
    "deductions": "deductions from the price",
    "stated_inside": "costs stated apart that the price contains",
    "taxes_inside": "duties and taxes that the price contains",
    "closing_difference": "closing difference",
    # duties
    "duty_rate": "duty rate",
    "duty_quantity": "quantity for the duty",
    "duty_per_unit": "duty per unit",
    "duty_rate_below": "duty rate up to the threshold",
    "value_threshold": "value threshold per unit",
    "threshold_quantity": "quantity for the threshold",
    "threshold_rate": "exchange rate of the threshold",
    "sliding_rate": "sliding rate",
    "sliding_a": "coefficient a",
    "sliding_b": "coefficient b",
    "sliding_threshold": "threshold per unit of the sliding duty",
    "sliding_cap": "cap of the sliding rate",
    "remedy_rate": "rate of the trade-remedy duties",
    "duty_waiver": "duty waiver",
    "duty_waiver_limit": "limit of the duty waiver",
    # taxes
    "excise_rate": "consumption tax rate",
    "excise_rate_below": "lower consumption tax rate",
    "excise_quantity": "quantity for the consumption tax",
    "excise_per_unit": "consumption tax per unit",
    "excise_per_unit_below": "lower consumption tax per unit",
    "excise_threshold": "consumption tax threshold per unit",
    "consumption_tax_waiver": "consumption tax waiver",
    "consumption_tax_waiver_limit": "limit of the consumption tax waiver",
    "vat_rate": "VAT rate",
    "vat_waiver": "import VAT waiver",
    "vat_waiver_limit": "limit of the import VAT waiver",
    # places that a rule's renaming fills
    "amount": "amount",
    "rate": "exchange rate",
    "cost": "shared cost",
    "part": "the line's part of a shared cost",
    "whole": "the whole of a shared cost",
    "weight": "weight for sharing",
    "at_rate": "amount in yuan",
    "in_yuan": "amount in yuan at the market rate",
    "premium_by_rate": "insurance premium by its rate",
    "premium_inside": "insurance premium inside the price",
    # legs
    "pre_carriage": "carriage to the port of loading",
    "export_clearance": "export clearance",
    "origin_handling": "handling at origin",
    "destination_handling": "handling at destination",
    "import_clearance": "import clearance",
    "delivery": "delivery",
    "import_taxes": "import duties and taxes",
    "all_in": "all charges of a side",
    "origin:all_in": "all charges at origin",
    "destination:all_in": "all charges at destination",
    # legal adjustments of the customs value
    "royalty": "royalty",
    "commission": "commission",
    "packing": "packing",
    "assist": "assist",
    "container": "container treated as one with the goods",
    "proceeds": "proceeds of resale",
    "installation": "installation after importation",
    "inland_transport": "transport after importation",
    "maintenance": "maintenance after importation",
    "technical_service": "technical service after importation",
    # columns of the tariff and duties on top
    "mfn": "MFN rate",
    "provisional": "provisional rate",
    "agreement": "agreement rate",
    "special_preferential": "special preferential rate",
    "general": "general rate",
    "tariff_quota": "rate within the tariff quota",
    "quota_provisional": "provisional rate within the tariff quota",
    "anti_dumping": "anti-dumping duty",
    "countervailing": "countervailing duty",
    "safeguard": "safeguard duty",
    "retaliatory": "retaliatory duty",
    "user": "rate given in the request",
    # regimes
    "general_trade": "general trade",
    "cbec_retail": "cross-border e-commerce retail import",
    "postal_articles": "postal articles",
    # forms and classes that a sentence may have to name
    "AdValorem": "duty by value",
    "Specific": "duty by quantity",
    "Compound": "compound duty",
    "LowerOf": "the lower of two duties",
    "ByValue": "duty with a value threshold",
    "Sliding": "sliding duty",
    "beer": "beer",
    "cigarettes": "cigarettes",
    "high_end_cosmetics": "high-end cosmetics",
    "watches": "high-end watches",
    # kinds of units
    "mass": "weight",
    "dry mass": "dry weight",
    "mass of metal": "weight of metal",
    "volume": "volume",
    "alcohol volume": "volume of alcohol",
    "length": "length",
    "area": "area",
    "count": "count",
    "equipment": "equipment",
    "ratio": "ratio",
    "energy": "energy",
    "activity": "radioactivity",
    "package": "package",
    "chargeable": "chargeable weight",
    "charge basis": "basis of a charge",
    # what a figure is needed for, and by what a cost is shared
    "price": "price",
    "duty": "customs duty",
    "allocation": "sharing of common costs",
    "per_unit": "landed cost per unit",
    "value": "declared value",
    "gross_weight": "gross weight",
    "net_weight": "net weight",
    "quantity": "quantity",
    # the categories of the consumption tax
    "batteries": "batteries",
    "batteries_exempt": "batteries free of consumption tax",
    "cars_1000": "cars of up to 1,000 ml",
    "cars_1500": "cars of over 1,000 up to 1,500 ml",
    "cars_2000": "cars of over 1,500 up to 2,000 ml",
    "cars_2500": "cars of over 2,000 up to 2,500 ml",
    "cars_3000": "cars of over 2,500 up to 3,000 ml",
    "cars_4000": "cars of over 3,000 up to 4,000 ml",
    "cars_over_4000": "cars of over 4,000 ml",
    "cars_electric": "electric cars",
    "cigars": "cigars",
    "coatings": "coatings",
    "coatings_exempt": "coatings free of consumption tax",
    "cut_tobacco": "cut tobacco",
    "diesel": "diesel",
    "disposable_chopsticks": "disposable wooden chopsticks",
    "e_cigarettes": "electronic cigarettes",
    "fireworks": "fireworks",
    "fuel_oil": "fuel oil",
    "golf": "golf equipment",
    "industrial_alcohol": "industrial alcohol (abolished)",
    "jet_fuel": "jet fuel (suspended)",
    "lead_batteries": "lead batteries",
    "light_buses": "light commercial buses",
    "lubricating_oil": "lubricating oil",
    "motorcycles_250": "motorcycles of 250 ml",
    "motorcycles_below_250": "motorcycles of less than 250 ml (abolished)",
    "motorcycles_over_250": "motorcycles of over 250 ml",
    "naphtha": "naphtha",
    "not_taxed": "not taxed",
    "other_jewellery": "other jewellery, pearls and jade",
    "petrol": "petrol",
    "precious_jewellery": "gold, silver, platinum and diamond jewellery (taxed at retail)",
    "solvent": "solvent oil",
    "spirits": "spirits",
    "wine": "wine and other fermented drinks",
    "wood_flooring": "solid wood flooring",
    "yachts": "yachts",
    "yellow_wine": "yellow rice wine",
    "trade_remedy": "trade-remedy duty",
    "remedy_quantity": "quantity for the trade remedy",
    "remedy_per_unit": "trade remedy per unit",
    "tax_share": "share of the taxes that is due",
    "annual_purchases": "purchases of the year with this order",
    "cbec_used": "bought earlier this year by cross-border e-commerce",
    "cbec_order_limit": "limit of an order",
    "cbec_annual_limit": "limit of the year",
    "cbec_duty_rate": "duty rate in e-commerce retail",
    "cbec_tax_share": "share of the taxes within the limits",
    "full_customs_duty": "customs duty in full",
    "full_consumption_tax": "consumption tax in full",
    "postal_rate": "rate of the class",
    "postal_value_limit": "value limit of a parcel",
    "postal_tax_waiver": "waiver of the postal articles tax",
    "postal_waiver_limit": "limit of the waiver of the postal articles tax",
    "postal_articles_tax_due": "postal articles tax",
    "step:postal_articles_tax_due": "postal articles tax due after the waiver",
    "late_payment": "surcharge for late payment",
    "late_payment_waiver": "surcharge too small to be collected",
    "late_payment_rate": "surcharge rate per day",
    "late_payment_minimum": "least surcharge that is collected",
    "late_days": "days late",
    "late_declaration": "fee for late declaration",
    "late_declaration_waiver": "late-declaration fee too small to be collected",
    "late_declaration_due": "fee for late declaration",
    "late_declaration_rate": "rate of the late-declaration fee per day",
    "late_declaration_days": "days of late declaration",
    "late_declaration_minimum": "least late-declaration fee that is collected",
    "surcharge": "surcharge",
    "tax": "tax",
    "luxury_threshold": "super-luxury threshold per car",
    "luxury_rate": "additional rate on super-luxury cars",
    "sliding_quota": "sliding duty under its quota",
    "beer_by_litre": "beer (by the litre)",
    "paid_on": "day of payment",
    "not_on_the_list": "the goods are not on its list",
    "own_car_rate": "consumption tax rate of a car for own use",
    "postal_rate_from": "rate from the threshold on",
    "postal_rate_below": "rate below the threshold",
    "postal_threshold": "value threshold per piece",
    "containers_needed": "containers needed",
    "containers": "containers",
    "gross_kg": "gross weight in kg",
    "volume_m3": "room taken in m³",
    "pallets": "pallets",
    "payload_kg": "payload of a container in kg",
    "room_m3": "room of a container in m³",
    "pallet_places": "places for pallets in a container",
    "revenue_tons": "revenue tons",
    "least_revenue_tons": "least revenue tons",
    "chargeable_kg": "chargeable weight in kg",
    "cm3_per_kg": "cm³ that weigh as one kg",
    "unknown_origin": "unknown origin",
    "over:cbec_order_limit": "the value of the order exceeds the limit of an order",
    "over:cbec_annual_limit": "the purchases of the year exceed the limit of the year",
    "over:postal_value_limit": "the value of the parcel exceeds the value limit",
    "status:open": "open",
    "status:closed": "closed",
    "status:unknown": "unknown",
    "status:complete": "complete",
    "status:estimated": "estimated",
    "status:incomplete": "incomplete",
    "import_vat_waiver": "import VAT waiver",
    "waiver_includes_limit": "waivers include their limit",
    "payment_period": "days to pay",
    "late_payment_surcharge": "surcharge for late payment",
    "late_declaration_period": "days to declare",
    "super_luxury_threshold": "super-luxury car threshold",
    "super_luxury_rate": "super-luxury car rate",
    "postal_rate_low": "postal articles, low rate",
    "postal_rate_middle": "postal articles, middle rate",
    "postal_rate_high": "postal articles, high rate",
    "postal_rate_third_of_four": "postal articles, third of four rates",
    "postal_rate_medicines": "postal articles, medicines",
    "holding_finance": "interest on the money tied up",
    "holding_store": "cold store",
    "holding_plug": "power for reefers on land",
    "holding_loss": "allowance for goods lost",
    "cost_of_ownership": "total cost of ownership",
    "finance_rate": "interest of a year",
    "finance_days": "days the money is tied up",
    "finance_year": "days of a year",
    "store_rate": "rate of the cold store",
    "store_days": "days in store",
    "plug_rate": "rate of the power",
    "plug_days": "days at a plug",
    "loss_share": "share of the goods lost",
    "late_payment:trade_remedies": "surcharge for late payment of trade-remedy duties",
    "late_payment_waiver:trade_remedies": "surcharge on trade-remedy duties too small to be collected",
    "late_payment_due:trade_remedies": "surcharge due on trade-remedy duties",
    "sea": "sea in full containers",
    "lcl": "sea in a shared container",
    "air": "air",
    "courier": "courier",
    "addition_in_yuan": "addition to the price in yuan",
    "deduction_in_yuan": "deduction from the price in yuan",
    "paid": "amount of the payment",
    "paid_rate": "market rate of the payment",
    "amount_paid": "amount of the payment",
    "fee": "fee",
    "tax_on_fee": "tax on the fee",
    "tax_rate": "rate of the tax on the fee",
    "fee_in_yuan": "fee in yuan",
    "in_paid_currency": "fee in the currency of the payment",
    "margin": "exchange margin",
    "margin_of_buyer": "exchange margin of the buyer",
    "margin_of_seller": "exchange margin of the seller",
    "buyers_margin": "exchange margin of the buyer",
    "sellers_margin": "exchange margin of the seller",
    "fx_buyer": "exchange margin of the buyer",
    "fx_seller": "exchange margin of the seller",
    "fees_of_seller": "fees of the seller",
    "lines_of_buyer": "what the buyer pays for paying",
    "lines_of_seller": "what paying costs the seller",
    "buyer_pays": "what the buyer pays",
    "seller_receives": "what the seller receives",
    "seller_receives_mxn": "what the seller receives in pesos",
    "peso_rate": "pesos for one unit of the payment",
    "own_peso_rate": "pesos for one unit of the payment as stated",
    "peso_in_yuan": "yuan for one peso",
    "pesos_for_one": "pesos for one unit of the payment",
    "rail_most": "most that the rail carries",
    "fx": "exchange rates",
    "shrinkage": "loss of goods",
    "assessed_customs_value": "customs value set by customs",
    "table:vat": "rates of import VAT",
    "table:customs-schedule": "rates of customs duty",
    "table:import-taxes": "limits and figures of import taxes",
    "table:consumption-tax": "rates of consumption tax",
    "table:origins": "countries of origin and their treatment",
    "table:postal-articles": "classes of postal articles",
    "table:ports": "ports",
    "table:lanes": "ways of transport",
    "table:charges": "charges on the way",
    "table:equipment": "containers and vehicles",
    "table:freight-rates": "freight rates",
    "table:payment-rails": "ways of paying",
    # what changes of the tables speak of, where a quote has no word for it or one that says less
    "change:market_access": "admission to the market",
    "change:all": "all goods",
    "change:row": "row",
    "change:standard": "standard rate",
    "change:reduced": "reduced rate",
    "change:exempt": "exempt goods",
    "change:medicine": "listed medicines",
    "change:cbec_annual_limit": "e-commerce limit for a year",
    "change:cbec_order_limit": "e-commerce limit for an order",
    "change:cbec_tax_share": "e-commerce share of the taxes",
    "change:late_declaration_rate": "fee for late declaration",
    "change:late_payment_minimum": "least surcharge for late payment",
    "change:postal_tax_waiver": "postal articles tax waiver",
    "change:certificate_of_origin": "certificate of origin",
    "change:contract": "contract",
    "change:crt_certificate": "CRT certificate",
    "change:food_safety": "food safety",
    "change:foreign_producer_registration": "registration of the foreign producer",
    "change:invoice": "invoice",
    "change:label": "label",
    "change:label_registration": "registration of the label",
    "change:nutrition_label": "nutrition label",
    "change:orchard_registration": "registration of the orchard",
    "change:packing_list": "packing list",
    "change:phytosanitary_certificate": "phytosanitary certificate",
    "change:quarantine_permit": "quarantine permit",
    "change:spirits_standard": "standard for spirits",
    "change:transport_document": "transport document",
    "change:veterinary_certificate": "veterinary certificate",
    "change:investigation": "under investigation",
    "change:deposit": "deposit collected",
    "change:collected": "collected",
    "change:conditional": "conditional",
    "change:not_read": "not read",
    "change:yes": "yes",
    "change:no": "no",
    "change:day": "days",
    "change:CNY": "CNY",
    "change:of price and freight": "of price and freight",
    "change:of the statutory tax": "of the statutory tax",
    "change:of the customs value a day": "of the customs value a day",
    "change:of the unpaid tax a day": "of the unpaid tax a day",
    # parts of a line that the tables name in English
    "part:sliding quota": "sliding quota",
    "part:beyond the quota of the country": "beyond the quota of the country",
}

# Names that are built from others: "total_vat", "customs_rate:USD", "origin:pre_carriage@market", "freight#part".
PATTERNS = {
    "total": "sum of {x} over the lines",
    "running": "sum of {x} up to this line",
    "customs_rate": "customs exchange rate {currency}/CNY",
    "market_rate": "market exchange rate {currency}/CNY",
    "@customs": "{x} at the customs rate",
    "@market": "{x} at the market rate",
    "#part": "the line's part of {x}",
    "_amount": "{x} as stated",
    "_rate": "rate of {x}",
    "_quantity": "quantity for {x}",
    "_per_unit": "{x} per unit",
    "additions": "addition to the price: {x}",
    "deductions": "deduction from the price: {x}",
    "remedy": "{x}",
    "numbered": "{x} ({number})",
    "allowed": "Allowed: {allowed}.",
    "late_payment": "surcharge for late payment of {x}",
    "late_payment_waiver": "surcharge on {x} too small to be collected",
    "late_payment_due": "surcharge due on {x}",
    "deposit": "deposit for {x}",
    "_from": "{x}: from",
    "_at": "{x}: rate",
    "_minimum": "least of {x}",
    "_maximum": "most of {x}",
    "_share": "share of {x}",
    "_fixed": "fixed part of {x}",
    "@paid": "{x} in the currency of the payment",
    ":tax": "tax on {x}",
    "pesos_for": "pesos for one {currency}",
    "_tariff": "rate of {x}",
    "desk_rate": "market exchange rate {currency}/CNY of the desk",
    "width_unknown": "By how much it may move the landed cost is not known.",
    # forms of duty and of tax that the tables write as a formula
    "lower": "the lower of {first} and {second}",
    "by_value": "{below} up to a value of {threshold}, {above} above it",
    "sliding": "for a value P of less than {threshold}: {a} ÷ P + {b} × P − 1, at most {cap}; from there on {at_or_above}",
    "by_value_from": "{upper} from {threshold}, below it {lower}",
}

WORDS = {
    "least": "the lower of ({all})",
    "greatest": "the higher of ({all})",
    "where": "if {0} then {1}, otherwise {2}",
    "running_share": "rounded({0} × {1} ÷ {3}) − rounded({0} × ({1} − {2}) ÷ {3})",
}

DUE = {
    "within_15_days_of_declaration": "within 15 days of declaration",
    "before_release": "before release",
}

REMARKS = {
    # what was left to us
    "incoterm": "No Incoterm was given: {incoterm} is assumed.",
    "regime": "No regime was given: {regime} is assumed.",
    "declared_on": "No declaration day was given: today in Shanghai[, {declared_on},] is assumed.",
    "origin": "No origin was given: Mexico is assumed.",
    "tables": "No data release was named: the latest is used.",
    "payment": "No payment rail was given: the cost of paying is not included.",
    "route": "No route was given: charges that are not stated are not included.",
    "vat_recoverable": "Whether the importer recovers VAT was not said: VAT counts as a cost.",
    "on_error": "A line that cannot be priced refuses the whole request.",
    "allocate_by": "Common costs are shared by {allocate_by}.",
    "insured": "The insured share was not given: 110% of CIF is assumed.",
    "package": "No package was named: the usual one of the product is assumed.",
    "place": "No place was named: the port of the Incoterm is assumed.",
    "display_currency": "No display currency was given: yuan is used.",
    "language": "No language was given: English is used.",
    "ten_digits_priced_by_eight": "A tariff code of ten digits was priced by its first eight.",
    "attribute_unused": ("The attribute {attribute} decides nothing about these goods and was not used."),
    "six_digits_priced_by_line": (
        "The subheading {given} was priced by the line {hs_code}: all its lines give the same taxes."
    ),
    "insurance_presumed": (
        "No insurance was stated: customs presumes a premium of 3‰ of price and carriage. It raises the customs value; "
        "nobody pays the premium itself."
    ),
    "charges_not_included": "No charges at destination were stated: the landed cost contains none.",
    # what deserves attention
    "user_tariff": "Rates of this line come from the request, not from the tariff tables.",
    "trade_remedy_possible": "A trade remedy may come to apply to this line: {kind}[, {part}][ ({note})].",
    "related_party": (
        "Buyer and seller are related: customs may refuse the price and value the goods otherwise (Customs Tariff Law "
        "art. 27)."
    ),
    "advance_ruling": "The request relies on the advance ruling {ruling}: its terms and validity were not checked.",
    "partial_provisional": (
        "A part of this line (in the official Chinese text: {part}) has a lower provisional rate of its own: say with "
        "tariff_part whether your goods belong to it."
    ),
    "exchange_rate_stale": "The market rate {pair} is of {on}, {age_days} days old.",
    # what keeps the quote from an A
    "consumption_tax_outside_every_heading": (
        "No heading of the consumption tax was found to contain these goods: they are taken as not taxed."
    ),
    "customs_rate_estimated": (
        "The customs rate {pair} of the month is an estimate from the reference rates of {source_day}: the official one "
        "is not stored."
    ),
    "table_not_updated": "Table {table} was last looked after on {known_until}, before the declaration day.",
    "figure_not_verified": "The figure “{figure}” ({origin}) has confidence {confidence}.",
    "provisional_rate_ended": (
        "The provisional rate ended on {ended_on} and no renewal is known: both results are shown."
    ),
    "vat_rate_open": "The VAT rate of this line is open between {rates}: the higher is used.",
    "duty_waiver_unverified": (
        "The duty is within the limit of {limit} CNY up to which a consignment is free of duty; the limit was not "
        "verified."
    ),
    "small_tax_waiver_unverified": (
        "A tax is within the limit of {limit} CNY up to which it is not collected; the limit was not verified."
    ),
    # until when
    "customs_rate_month_ends": "customs rate month ends {on}",
    "figure_ends": "{figure} ({origin}) is in force until {on}",
    "remedy_deposit": (
        "The {kind} is paid as a deposit under provisional measures: it is settled, or given back, when the "
        "measure is decided."
    ),
    "remedies_of_origin_not_read": (
        "Which trade remedies China has against goods of {origin} was not read: none is reckoned."
    ),
    "market_access_not_seen": "No admission of these goods to China was seen: see the requirements before shipping.",
    "mfn_treatment_open": (
        "Whether China grants MFN treatment to goods of {origin} was not seen: both results are shown."
    ),
    "remedies_in_base_of_consumption_tax": (
        "Trade-remedy duties are counted into the base of the consumption tax: the reading was not verified."
    ),
    "for_personal_use": "This regime ({regime}) is for goods that a natural person buys for own use, not for resale.",
    "retail_share_of_tax_by_quantity": (
        "How the share of e-commerce retail applies to a consumption tax by quantity was reckoned, not read."
    ),
    "cbec_list_of_another_year": (
        "These goods were read on an earlier e-commerce list ({confidence})[: {note}]; the list in force was not found."
    ),
    "cbec_list_not_read": "Whether {hs_code} is on the list of cross-border e-commerce retail imports was not read.",
    "postal_list_price_came_first": (
        "Until 30 November 2024 the list price of an article came before the price paid: the quote uses the price paid."
    ),
    "payment_due_on": "The taxes were due by {due}.",
    "payment_notice_on_declaration_day": (
        "Until 30 November 2024 the period ran from the payment notice: it is taken as issued on the day of "
        "declaration."
    ),
    "cbec_used": "What the buyer has bought this year by cross-border e-commerce was not said: zero is assumed.",
    "luxury_threshold_on_customs_value": (
        "The super-luxury threshold is compared with the customs value of a car: the reading was not verified."
    ),
    "single_item_presumed": "One piece is taken as a single item that cannot be divided.",
    "remedies_of_every_origin_not_read": (
        "Goods of unknown origin may fall under a trade remedy against any origin: those of other origins than "
        "Mexico were not read."
    ),
    "consumption_tax_list_begins_later": (
        "The list of the consumption tax was read for later days only: that these goods were not taxed then was "
        "not verified."
    ),
    "older_than_the_texts": (
        "The day is older than the texts that the rules cite: values were then rounded to whole yuan, and other "
        "articles applied."
    ),
    "quarantine_by_post_not_read": (
        "These goods are under quarantine on entry: whether they may come by post was not read."
    ),
    "part_of_the_line_possible": (
        "A part of this line (in the official Chinese text: {part}) has a provisional rate of its own: both results are shown, "
        "since the request does not say whether the goods belong to it."
    ),
    "late_payment_minimum_unverified": (
        "A surcharge is below {limit} CNY, under which it is not collected; whether that minimum still stands was "
        "not verified."
    ),
    "not_for_own_use": (
        "Whether the importer keeps the car was not said (attributes.self_use): it is taken as imported for "
        "sale, without the additional rate on super-luxury cars."
    ),
    "tariff_unused": "The rates under tariff were not used: {regime} does not know them.",
    "importer_field_unused": "{field} was not used: it changes nothing in this request ({regime}).",
    "freight_is_planning": (
        "The freight is our own planning range of the lane, not a carrier's offer: the higher end is used."
    ),
    "containers_by_weight_alone": (
        "How many {equipment} are needed was reckoned by weight alone: the room that the goods take is not known."
    ),
    "above_road_limit": (
        "A container holds more than the {limit} kg that a carrier hauls in Mexico in a {equipment} without a "
        "surcharge."
    ),
    "temperatures_do_not_meet": (
        "Goods in one reefer need temperatures that do not meet: some at least {warmest} °C, others at most "
        "{coldest} °C."
    ),
    "way_longer_than_goods_keep": "The way may take {days} days, and the goods keep for {keeps}.",
    "year": "The bank's year was not said: interest is reckoned on a year of 360 days.",
    "rail_fee_open": "The fee “{fee}” of the rail is known as a range only: the higher end is used.",
    "margin_unused": "The exchange margin was not used: nothing is exchanged into or out of {currency} on that side.",
    "fx_pair_unused": "The rate {pair} was not used: nothing in this request is reckoned with it.",
    "planning_unused": "The planning range was not used: under {incoterm} the price contains the freight.",
    "place_not_on_route": "The place {place} is not where the route has it ({route}).",
    "goods_need_a_reefer": "The goods must be no warmer than {most} °C, and the container does not cool.",
    "rail_not_reachable": (
        "The rail ({rail}) was not seen to take money from accounts in China and pay it out in Mexico."
    ),
    "term_for_water": "{incoterm} is a term for carriage by water alone: by air FCA, CPT or CIP fit.",
    "usual_loss": (
        "What goods of this kind usually lose is our own range, from {low} to {rate}: the higher end is used."
    ),
    "box_not_in_quote": "Does not follow from a quote.",
    "box_no_route": "No route was given.",
    "box_customs_code_not_held": "Customs has a code of its own for this, which our tables do not hold.",
    "box_currency_not_listed": "{currency} was on no list of currencies that we read; what customs has no code for is converted.",
    "box_unit_not_listed": "{unit} was on no list of units that we read.",
    "box_choice": "One of these, which does not follow from the quote: {choices}.",
    "box_term_grouped": "{incoterm} has no code of its own and is written as {term} in practice.",
    "box_origin_unknown": "The origin of the goods is unknown.",
    "box_country_not_listed": "{country} was on no list of countries that we read.",
    "box_hs_eight": "Only the first eight digits are known; the last two are those of the ten-digit code of these goods.",
    "box_hs_none": "The goods are outside our tables: they have to be classified.",
    "box_name_none": "No Chinese name is known.",
    "box_name_official": "The name of the line in the tariff; the goods are declared by their own name.",
    "box_name_ours": "A name of ours, not an official one.",
    "box_quantity_unknown": "How much this is in {unit} does not follow from the request: state it under `statutory`.",
    "box_no_such_unit": "The line has no such unit.",
    "box_digits_go_on": "The digits go on; cut after twelve decimals.",
    "box_unit_price_rounded": "The total divided by the quantity, to four decimals.",
    "box_in_the_price": "Contained in the price under {incoterm}.",
    "box_nothing_stated": "Nothing was stated that counts here.",
    "box_not_invoiced": "The freight of the quote was reckoned from tables: take it from the invoice.",
    "box_premium_by_rate": "The premium was stated as {rate} of {insured} of the CIF value: take the amount from the policy.",
    "box_premium_presumed": "No premium was stated: customs presumes this rate of price and freight.",
    "box_charges_to_sort": "Stated beside the price: {charges}. What of it counts here is for the declarant.",
    "box_levy_unsure": "That the goods are taxed without relief or security does not follow from the quote.",
    "box_by_list": "Retail e-commerce is declared by a list of the orders, not by this form; the boxes are those of the form.",
    "box_weight_unknown": "The weight does not follow from the request.",
    "box_packages_unknown": "The number of packages does not follow from the request.",
    "box_element": "What the goods are in this respect is for the declarant to state.",
    "box_elements_not_held": "Our table of elements does not hold this line.",
    "box_letters_of_first": "Of the line's first ten-digit code; E, F, 8 and 9 need not apply to ordinary goods.",
    "box_assumed": "Assumed, since the request does not say.",
    "not_billed": "Quoted and not on the bill: {figure}. It is left out of the difference.",
    "billed_not_quoted": "Billed and not quoted: {figure}.",
    "insisted_rate_kept": (
        "The request insists on its own rate of {pair}, so the day of the bill does not change it; state the rate that "
        "customs used in `customs_fx`."
    ),
    "fx_band": "The exchange rates ({currencies}) may each rise or fall by {share}, as the request asks.",
    "fx_band_closed": (
        "At some exchange rates within {share} the consignment cannot be priced[ ({because})]: they are left out of the "
        "range."
    ),
    "charge_open": "The charge “{figure}” is not verified; elsewhere it is {ends} {currency}.",
    "change_announced": (
        "A rate of this line begins on {begins}: it was announced when the table was last looked after for {known_until}, "
        "and nobody has seen it in force. It is used; the range has the rates that stood before."
    ),
    "month_before_the_tables": "This month cannot be told: our tables ({figure}) begin on {covered_from}.",
    "month_not_in_the_tables": "This month cannot be told: our tables do not hold the law of its day[ ({figure})].",
    "month_without_exchange_rate": (
        "This month cannot be told: no exchange rate[ {pair}] is known for it[; the first is of {covered_from}]"
        "[; the last is of {covered_to}]."
    ),
    "part_rate_unread": (
        "The goods belong to a part of this line (in the official Chinese text: {part}) that has a lower provisional rate of "
        "its own, which was not read: the rate of the whole line is shown."
    ),
    "fraccion_of_one_line": (
        "The fracción {fraccion} leads to {hs_code}, the only line that China has under its first six digits."
    ),
    "fraccion_of_lines_alike": (
        "The fracción {fraccion} was priced by the line {hs_code}: all {lines} lines that China has under its "
        "first six digits give the same taxes."
    ),
    "nico_left_aside": (
        "The NICO {nico} of the fracción {fraccion} was left aside: it serves Mexican statistics and decides no duty."
    ),
    "fraccion_not_in_table": (
        "The fracción {fraccion} is of a chapter that our table of Mexican codes lacks: whether it exists, "
        "and its export duty, were not seen; only its first six digits were used."
    ),
    "export_forbidden": "Mexico forbids the export of goods of the fracción {fraccion} ({name}).",
    "export_duty_not_included": (
        "Mexico charges an export duty of {rate} under the fracción {fraccion} ({name}). It is not reckoned: "
        "a price from FCA on contains it; of an EXW price state it under costs.origin.export_clearance."
    ),
    "no_export_duty": "Mexico charges no export duty under the fracción {fraccion} ({name}).",
    "divided_line_priced_by_line": (
        "The line {given} left the schedule: it was divided, and was priced by the line {hs_code}, since all lines that took "
        "its place give the same taxes."
    ),
    "box_hs_alike": "Nobody has chosen between lines that are taxed alike; the goods have to be classified in one of them.",
}

ACTIONS = {
    "consumption_tax_outside_every_heading": "Give tariff.consumption_tax if your broker knows of a category.",
    "customs_rate_estimated": "Give customs_fx, the rate that China Customs published for the month.",
    "table_not_updated": "Check the rates of the day with your broker, or give them in tariff.",
    "figure_not_verified": "Give the figure yourself if you have it from an official source.",
    "provisional_rate_ended": "Give tariff.duty as soon as the rate of the day is published.",
    "vat_rate_open": "Give tariff.vat if you know the rate of your goods.",
    "duty_waiver_unverified": "Ask your broker whether the consignment is released free of duty.",
    "small_tax_waiver_unverified": "Ask your broker whether the tax is collected.",
    "remedies_of_origin_not_read": "Give tariff.trade_remedies, an empty list where there is none.",
    "mfn_treatment_open": "Give tariff.duty if you know the column that applies.",
    "remedies_in_base_of_consumption_tax": "Ask your broker how customs reckons the base.",
    "retail_share_of_tax_by_quantity": "Ask your platform how it reckons the tax.",
    "cbec_list_of_another_year": "Look the line up in the list in force and give tariff.cbec.",
    "cbec_list_not_read": "Look the line up in the list in force and give tariff.cbec.",
    "postal_list_price_came_first": "Compare with the list price of that day.",
    "luxury_threshold_on_customs_value": "Ask your broker whether the additional rate is collected.",
    "remedies_of_every_origin_not_read": "Give the origin, or tariff.trade_remedies.",
    "consumption_tax_list_begins_later": "Give tariff.consumption_tax.",
    "older_than_the_texts": "Compare with the law of that day.",
    "quarantine_by_post_not_read": "Ask the post or customs before sending.",
    "part_of_the_line_possible": "Say with tariff_part whether the goods belong to it: true or false.",
    "late_payment_minimum_unverified": "Ask your broker whether the surcharge is collected.",
    "freight_is_planning": "Ask a forwarder and give costs.freight.",
    "rail_fee_open": "Ask the provider and give the rail as payment.own.",
    "charge_open": "Ask a forwarder and give the charge under costs.",
    "change_announced": "Give tariff as soon as the rates of the day are confirmed.",
    "part_rate_unread": "Look the rate of the part up in the tariff of the year and give tariff.duty.",
}

BECAUSE = {
    # why a rate was not used
    "user_rate": "the request gives its own rate",
    "part_not_claimed": "it is for a part of the line only, which was not claimed",
    "provisional_replaces_mfn": "a provisional rate replaces it",
    "provisional_ended": "it has ended and no renewal is known",
    "no_quota_certificate_claimed": "no tariff-quota certificate was claimed",
    "no_sliding_quota_claimed": "a set amount under the sliding quota was not claimed",
    "mfn_origin": "goods of this origin take the MFN rate",
    "origin_unknown": "goods of this origin do not take it",
    # why an amount is zero
    "zero_rate": "the rate is zero",
    "none_stated_by_user": "the request states that there is none",
    "none_in_force": "none is in force against these goods",
    "outside_every_heading": "no heading of the consumption tax contains these goods",
    "not_taxed_at_import": "this category is not taxed at importation",
    "in_the_price": "the price contains it",
    "nothing_stated": "the request states none",
    "insurance_stated": "the request states the insurance, so none is presumed",
    "no_rail": "no payment rail was chosen",
    "not_in_this_regime": "this regime does not have it",
    "waived": "it is within the limit up to which none is collected",
    "every_part_zero": "each of its parts is zero",
    "figure_zero": "a figure of its formula is zero",
    "rounds_to_zero": "it is less than half a fen",
    "sliding_quota_claimed": "a set amount under the sliding quota was claimed",
    "quota_certificate_claimed": "a tariff-quota certificate was claimed",
    "provisional_replaces_quota": "a provisional rate within the quota replaces it",
    "no_proof_of_origin": "no proof of origin under an agreement was claimed",
    "a_lower_rate_applies": "a lower rate applies",
    "general_rate_is_higher": "the general rate is higher than the remedies on top of the ordinary rate",
    "remedies_come_higher": "the remedies on top of the ordinary rate come higher",
    "within_the_limit_of_an_order": "within the limit of an order the duty rate is zero",
    "too_small_to_be_collected": "the surcharges are below the amount from which they are collected",
    "part_rate_unread": "it is for the part of the line that was claimed, but nobody has read it",
    "part_claimed": "the goods belong to a part of the line with a rate of its own",
}

HINTS = {
    # of what is no number
    "number_first": "write the number first, then the unit, such as 20.16 t",
    "ascii_digits": "use the digits 0 to 9",
    "no_exponent": "write all digits, without an exponent",
    "digits_only": "use digits, with a point before the decimals",
    "digits_around_point": "put digits before and after the point",
    "groups_of_three": "use groups of three digits, such as 12 500, or no spaces",
    # what was expected instead of a value of another kind
    "text": "a text in quotation marks",
    "decimal": 'a decimal number, best in quotation marks, such as "12.50"',
    "integer": "a whole number, such as 10",
    "boolean": "true or false, without quotation marks",
    "object": "an object in braces",
    "list": "a list in brackets",
    "list_of_quantities": "a list of one to four quantities",
    "boolean_or_sliding": 'true or false without quotation marks, or the text "sliding"',
    "rate": 'a rate in quotation marks, such as "13%" or "0.8 CNY/kg"',
    "share": 'a share in quotation marks, such as "9%"',
    "attribute": "a text, a number, or true or false",
    "attribute_of_money": 'a number of yuan, or an amount in yuan such as {"amount": "1300000", "currency": "CNY"}',
    "money_or_planning": 'money as an object in braces, or the text "planning"',
    "boolean_or_part": "true or false without quotation marks, or the part in the tariff's words",
}

# What stands on pages of our own.
PAGES = {
    "title": "Galeón: the API and its documentation",
    "noscript": "The documentation needs JavaScript. The specification itself can be read without it:",
}
# What stands on the sheet that a priced workbook gets.
SUMMARY = {
    "title": "what the rows came to",
    "rows": "Rows",
    "priced": "Priced",
    "failed": "With a problem",
    "complete": "Complete",
    "estimated": "Estimated",
    "totals": "Totals in yuan",
    "problems": "The commonest problems",
    "times": "How often",
    "first": "First in row",
    "declared_on": "The day for rows that name none",
    "tables": "Release of the tables",
    "rates": "Release of the exchange rates",
}
