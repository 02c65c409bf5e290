import { fileURLToPath } from "node:url";
import { type Plugin, defineConfig } from "vite";

import { precompress } from "../scripts/precompress.mjs";

// The server sends what was made small here; it compresses nothing itself.
function compressed(): Plugin {
  let folder = "";
  return {
    name: "precompress",
    apply: "build",
    configResolved(config) {
      folder = fileURLToPath(new URL(config.build.outDir + "/", `file://${config.root}/`));
    },
    closeBundle() {
      precompress(folder);
    },
  };
}

export default defineConfig({
  // The server's content security policy allows no data: scripts and no inline ones.
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { "/api": "http://127.0.0.1:7777", "/content": "http://127.0.0.1:7777" } },
  plugins: [compressed()],
});
