"""The pages at /tariff, on which a person walks the Chinese schedule: sections, chapters, headings, subheadings, lines."""
