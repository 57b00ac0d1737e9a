import { readdirSync } from "node:fs";

import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** What a folder may not import: shared knows neither features nor the app, features do not know each other. */
const without = (...patterns) => ({
  "no-restricted-imports": ["error", { patterns: patterns.map((group) => ({ group: [group] })) }],
});

const features = readdirSync("src/features");
const apart = features.map((feature) => ({
  files: [`src/features/${feature}/**`],
  rules: without("@/app/*", ...features.filter((other) => other !== feature).map((other) => `@/features/${other}/*`)),
}));

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.d.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  { files: ["**/*.{ts,tsx}"], plugins: { "react-hooks": hooks }, rules: hooks.configs.recommended.rules },
  { files: ["src/shared/**", "src/api/**"], rules: without("@/features/*", "@/app/*") },
  ...apart,
  { files: ["scripts/**"], languageOptions: { globals: { console: "readonly", process: "readonly" } } },
);
