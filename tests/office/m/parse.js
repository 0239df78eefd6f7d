// Whether a text is an expression in M: its faults on stderr and exit code 1 where it is not.
const { DefaultSettings, TaskUtils } = require("@microsoft/powerquery-parser");

async function parse(text) {
  const task = await TaskUtils.tryLexParse(DefaultSettings, text);
  if (TaskUtils.isParseStageOk(task)) return;
  console.error(task.error?.message ?? "not an expression");
  process.exitCode = 1;
}

let text = "";
process.stdin.setEncoding("utf8").on("data", (piece) => { text += piece; }).on("end", () => parse(text));
