// Builds everything under static/css and static/js, and copies axe for the browser tests.
// Fonts are committed under static/fonts and are not touched here.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static");
const modules = join(here, "node_modules");

for (const folder of ["css", "js"]) mkdirSync(join(out, folder), { recursive: true });

const { css } = compile(join(here, "scss", "app.scss"), {
  loadPaths: [modules],
  style: "compressed",
  quietDeps: true,
});
writeFileSync(join(out, "css", "app.css"), css + "\n");

await build({
  entryPoints: [join(here, "js", "app.js")],
  outfile: join(out, "js", "app.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2019",
  legalComments: "none",
});
copyFileSync(join(here, "js", "supported.js"), join(out, "js", "supported.js"));
copyFileSync(join(modules, "htmx.org", "dist", "htmx.min.js"), join(out, "js", "htmx.min.js"));
copyFileSync(join(modules, "axe-core", "axe.min.js"), join(here, "..", "tests", "browser", "axe.min.js"));
