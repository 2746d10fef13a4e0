// @ts-check
// Keeps, at the program's end, what V8 made of each script: by then the functions that it called are compiled, too.
const { statSync, writeFileSync } = require("node:fs");
const vm = require("node:vm");

/** @type {Map<string, vm.Script>} */
const scripts = new Map();

const { Script } = vm;
vm.Script = class extends Script {
  /**
   * @param {string} code
   * @param {{ filename: string }} options
   */
  constructor(code, options) {
    super(code, options);
    scripts.set(options.filename, this);
  }
};

process.on("exit", () => {
  const { size, mtimeMs } = statSync(process.execPath);
  // What was kept before stays as it is: more functions than a run needs cost it time.
  for (const [filename, script] of scripts)
    if (script.cachedDataRejected !== false)
      writeFileSync([filename, size, mtimeMs].join("-"), script.createCachedData());
});
