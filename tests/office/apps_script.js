// Runs the Apps Script under Node. What Google would bring is here no more than fetch and cache: UrlFetchApp asks for real, one
// address after another, and CacheService remembers. On stdin: {script, calls: [[field, names, rows], …]}; a cell {"date": "…"} is a
// day. On stdout: {answers, asked, fetches}, where `asked` counts addresses and `fetches` calls of fetchAll.
const { execFileSync } = require("node:child_process");
const { readFileSync } = require("node:fs");
const vm = require("node:vm");

const ASK = `const [url, headers] = JSON.parse(process.argv[1]);
fetch(url, { headers }).then(async (answer) => console.log(JSON.stringify([answer.status, await answer.text()])));`;
const told = { answers: [], asked: 0, fetches: 0 };
const kept = new Map();

function ask({ url, headers, muteHttpExceptions }) {
  if (!muteHttpExceptions) throw new Error("an error would be lost");
  told.asked += 1;
  const [status, text] = JSON.parse(execFileSync(process.execPath, ["-e", ASK, JSON.stringify([url, headers])], { encoding: "utf8" }));
  return { getResponseCode: () => status, getContentText: () => text };
}

const google = {
  UrlFetchApp: {
    fetchAll(requests) {
      told.fetches += 1;
      return requests.map(ask);
    },
  },
  CacheService: {
    getScriptCache: () => ({
      getAll: (keys) => Object.fromEntries(keys.filter((key) => kept.has(key)).map((key) => [key, kept.get(key)])),
      putAll(values, seconds) {
        if (!(seconds > 0 && seconds <= 21600)) throw new Error(`${seconds} seconds`);
        for (const [key, value] of Object.entries(values)) {
          if (key.length > 250 || value.length > 100_000) throw new Error("too long for the cache");
          kept.set(key, value);
        }
      },
    }),
  },
};
const { script, calls } = JSON.parse(readFileSync(0, "utf8"));
const context = vm.createContext(google);
vm.runInContext(script, context);
for (const call of calls) {
  context.call = JSON.stringify(call);
  const revive = `JSON.parse(call, (_, value) => (value && value.date ? new Date(value.date) : value))`;
  told.answers.push(JSON.parse(vm.runInContext(`JSON.stringify(GALEON(...${revive}))`, context)));
}
console.log(JSON.stringify(told));
