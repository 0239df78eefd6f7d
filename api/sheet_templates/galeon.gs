/**
 * A function for Google Sheets that asks Galeón for landed costs. Extensions > Apps Script, paste this file, save; then, in a cell:
 *
 *     =GALEON("landed_cost"; A1:H1; A2:H500)
 *
 * A whole range is one call of this function: equal rows are asked once, the others together, and answers are remembered for
 * five minutes. Nothing is reckoned here, and no error is hidden: a text that begins with # says what to put right.
 */

// The address of the server, which Google must be able to reach, and a sheet key where the server has keys.
const GALEON_SERVER = "{{server}}";
const GALEON_KEY = "";
const GALEON_SECONDS = 300;
const GALEON_TOGETHER = 50;
const GALEON_NUMBERS = [{{numbers}}];

/**
 * What goods cost landed in China.
 *
 * @param {string} field One field, or several with commas: "landed_cost, taxes, error".
 * @param {range} names The names: product, quantity, price, currency, per, … (cantidad, 数量, …).
 * @param {range} rows Under each name what it is; a row for each consignment.
 * @return A row of fields for each row; empty where the row is.
 * @customfunction
 */
function GALEON(field, names, rows) {
  const fields = String(field).split(",").map((each) => each.trim()).filter(Boolean);
  const headings = galeonRows_(names)[0].map((each) => String(each).trim());
  const queries = galeonRows_(rows).map((row) => galeonQuery_(headings, row));
  const answers = galeonAnswers_([...new Set(queries.filter(Boolean))]);
  return queries.map((query) => fields.map((each) => (query ? galeonValue_(answers[query], each) : "")));
}

/** A range as rows; a single cell is one. */
function galeonRows_(range) {
  if (!Array.isArray(range)) return [[range]];
  return Array.isArray(range[0]) ? range : [range];
}

/** The question of a row, "" where nothing stands in it. */
function galeonQuery_(headings, row) {
  const said = headings.map((name, at) => [name, galeonText_(row[at])]).filter(([name, text]) => name && text);
  return said.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
}

/** What a cell says, as an address has it. */
function galeonText_(cell) {
  if (cell === null || cell === undefined) return "";
  if (Object.prototype.toString.call(cell) !== "[object Date]") return String(cell).trim();
  const digits = (number) => String(number).padStart(2, "0");
  return `${cell.getFullYear()}-${digits(cell.getMonth() + 1)}-${digits(cell.getDate())}`;
}

/** The answers to questions, by question: those that are remembered, and the others asked together. */
function galeonAnswers_(queries) {
  const cache = CacheService.getScriptCache();
  const keys = queries.map(galeonKey_);
  const known = queries.length ? cache.getAll(keys) : {};
  const answers = {};
  queries.forEach((query, at) => {
    const kept = known[keys[at]] ? JSON.parse(known[keys[at]]) : null;
    // The key is a short form of the question: two questions may share one.
    if (kept && kept.query === query) answers[query] = kept.answer;
  });
  const missing = queries.filter((query) => !(query in answers));
  for (let first = 0; first < missing.length; first += GALEON_TOGETHER) {
    galeonAsk_(missing.slice(first, first + GALEON_TOGETHER), answers, cache);
  }
  return answers;
}

function galeonAsk_(queries, answers, cache) {
  const headers = GALEON_KEY ? { Authorization: `Bearer ${GALEON_KEY}` } : {};
  const url = (query) => `${GALEON_SERVER}/v1/sheet.xml?${query}`;
  const requests = queries.map((query) => ({ url: url(query), headers, muteHttpExceptions: true }));
  const kept = {};
  UrlFetchApp.fetchAll(requests).forEach((response, at) => {
    const status = response.getResponseCode();
    const answer = status === 200 ? response.getContentText() : `<error>#The server answered ${status}</error>`;
    answers[queries[at]] = answer;
    if (galeonPart_(answer, "error") === "") kept[galeonKey_(queries[at])] = JSON.stringify({ query: queries[at], answer });
  });
  if (Object.keys(kept).length) cache.putAll(kept, GALEON_SECONDS);
}

/** A field of an answer; in place of each, what is wrong. */
function galeonValue_(answer, field) {
  const error = galeonPart_(answer, "error");
  if (error || field === "error") return error || "";
  const text = galeonPart_(answer, field);
  if (text === null) return `#There is no field ${field}`;
  return text && GALEON_NUMBERS.includes(field) ? Number(text) : text;
}

/** The text of an element, null where there is none. */
function galeonPart_(answer, name) {
  const found = /^\w+$/.test(name) ? answer.match(new RegExp(`<${name}>([^<]*)</${name}>`)) : null;
  return found && found[1].replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

/** A key for the cache, which takes 250 characters: two hashes (FNV-1a) of the question. */
function galeonKey_(query) {
  const hash = (seed) => {
    let found = seed;
    for (let at = 0; at < query.length; at += 1) found = Math.imul(found ^ query.charCodeAt(at), 16777619) >>> 0;
    return found.toString(36);
  };
  return `galeon-${hash(2166136261)}-${hash(84696351)}-${query.length}`;
}
