import { createHash } from "node:crypto";
import { defineConfig, type Plugin } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

/** Fills in the content security policy: the page's own script by its digest, and no connection to anywhere. */
function policy(): Plugin {
  return {
    name: "policy",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type !== "asset" || !file.fileName.endsWith(".html")) continue;
          let page = String(file.source);
          const scripts = [...page.matchAll(/<script type="module"[^>]*>([\s\S]*?)<\/script>/g)];
          if (scripts.length !== 1) throw new Error(`expected one script in the page, found ${scripts.length}`);
          const [whole, code] = scripts[0];
          const digest = createHash("sha256").update(code, "utf8").digest("base64");
          const content = [
            "default-src 'none'",
            `script-src 'sha256-${digest}'`,
            "style-src 'unsafe-inline'",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
          ].join("; ");
          page = page.replace(whole, () => "");
          page = page.replace("</body>", () => `${whole.replace(/ crossorigin/, "")}\n  </body>`);
          file.source = page.replace('content="POLICY"', () => `content="${content}"`);
        }
      },
    },
  };
}

export default defineConfig({
  plugins: [viteSingleFile({ removeViteModuleLoader: true }), policy()],
  build: { target: "es2022", outDir: "dist", cssMinify: true, modulePreload: false, chunkSizeWarningLimit: 2000 },
});
