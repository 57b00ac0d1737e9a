// Every key the sources use stands in both languages, and neither language has one that nobody uses.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const LANGUAGES = ["en", "zh-hans"];

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}

const used = new Set();
for (const path of files("src")) {
  for (const [, key] of readFileSync(path, "utf8").matchAll(/\bt\(\s*"([^"]+)"/g)) used.add(key);
}

let faults = 0;
const say = (text) => {
  faults += 1;
  console.error(text);
};
for (const language of LANGUAGES) {
  const known = JSON.parse(readFileSync(`src/locales/${language}.json`, "utf8"));
  for (const key of used) if (!known[key]) say(`${language}: “${key}” is missing.`);
  for (const key of Object.keys(known)) if (!used.has(key)) say(`${language}: “${key}” is used nowhere.`);
}
process.exit(faults ? 1 : 0);
