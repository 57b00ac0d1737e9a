// What each step takes, cut out of the OpenAPI file, so that a form can be drawn for any step the server offers.
import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "yaml";

const { components } = parse(readFileSync("../schema.yml", "utf8"));
const inputs = Object.entries(components.schemas).filter(([name]) => /(Input|Content)(Request)?$/.test(name));
const cut = Object.fromEntries(
  inputs.map(([name, schema]) => [name.replace(/Request$/, ""), { properties: schema.properties ?? {}, required: schema.required ?? [] }]),
);
writeFileSync("src/api/inputs.json", JSON.stringify(cut, null, 1) + "\n");
