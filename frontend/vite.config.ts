import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Django serves the build below /static/app/; in development Vite hands API calls to it.
export default defineConfig(({ command }) => ({
  base: command === "build" ? "/static/app/" : "/",
  plugins: [react()],
  resolve: { alias: { "@": "/src" } },
  build: { outDir: "dist", sourcemap: false, chunkSizeWarningLimit: 900 },
  server: {
    proxy: Object.fromEntries(["/api", "/_allauth", "/problems"].map((path) => [path, "http://127.0.0.1:8000"])),
  },
}));
