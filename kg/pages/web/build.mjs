// Bundles the libraries of the pages: node build.mjs [FOLDER], by default ../static/vendor.
// Writes the scripts, manifest.json (package, version, licence and sha256 of each file) and LICENCES.txt.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2] ?? join(here, "..", "static", "vendor");
const ENTRIES = ["chart", "editor", "network"];

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const built = await esbuild.build({
  absWorkingDir: here,
  entryPoints: ENTRIES.map((name) => `src/${name}.js`),
  outdir: folder,
  chunkNames: "shared-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022"],
  charset: "ascii",
  legalComments: "none",
  minify: true,
  metafile: true,
});

// The packages whose code is in a file, by the place of their sources.
function packagesIn(inputs) {
  const found = Object.entries(inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return [...new Set(found.filter(Boolean))].sort();
}

async function licenceText(name) {
  const root = join(here, "node_modules", name);
  const file = (await readdir(root)).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`The package ${name} carries no licence text.`);
  return (await readFile(join(root, file), "utf8")).replaceAll("\r\n", "\n").trim();
}

const files = {};
for (const [path, { inputs }] of Object.entries(built.metafile.outputs)) {
  const bytes = await readFile(join(here, path));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  files[basename(path)] = { bytes: bytes.length, sha256, packages: packagesIn(inputs) };
}

const packages = {};
const texts = [];
for (const name of [...new Set(Object.values(files).flatMap((file) => file.packages))].sort()) {
  const { version, license } = JSON.parse(await readFile(join(here, "node_modules", name, "package.json"), "utf8"));
  packages[name] = { version, licence: license };
  texts.push(`${name} ${version} (${license})\n\n${await licenceText(name)}\n`);
}

const sorted = Object.fromEntries(Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1)));
await writeFile(join(folder, "manifest.json"), JSON.stringify({ files: sorted, packages }, null, 2) + "\n");
await writeFile(join(folder, "LICENCES.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));
