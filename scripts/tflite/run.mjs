// Runs a TensorFlow Lite file through LiteRT (the npm package @litertjs/core) under node.
//   node run.mjs PACKAGES MODEL INPUT OUTPUT COUNT
// PACKAGES: folder that holds @litertjs/core. INPUT: COUNT inputs of the model one after the other, raw, in the type
// and shape that the model declares. OUTPUT: the same of the outputs, float32. Prints one JSON object: {"runtime",
// "input" {"name", "type", "shape"}, "output" {...}, "elements" (of one output), "accelerated"
// (whether XNNPACK takes every operator), "milliseconds" (one per input)}.
import {readFileSync, writeFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {createRequire} from 'node:module';
import {runInThisContext} from 'node:vm';

const [packages, modelFile, inputFile, outputFile, countText] = process.argv.slice(2);
const home = resolve(packages, '@litertjs', 'core');
const wasmFolder = join(home, 'wasm');
const version = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version;

// The package is made for a web worker. What it asks of one is read from the disk here.
const withoutScheme = (url) => String(url?.url ?? url).replace(/^file:\/\//, '');
Object.assign(globalThis, {
  self: globalThis,
  location: {href: pathToFileURL(join(wasmFolder, 'worker.js')).href},
  fetch: async (url) => {
    const type = withoutScheme(url).endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream';
    return new Response(readFileSync(withoutScheme(url)), {headers: {'Content-Type': type}});
  },
  importScripts: (url) => {
    const file = withoutScheme(url);
    Object.assign(globalThis, {require: createRequire(file), __filename: file, __dirname: dirname(file)});
    runInThisContext(readFileSync(file, 'utf8'), {filename: file});
  },
});
// It logs a lot; what it calls an error is kept for the message of a failure.
const logged = [];
for (const name of ['log', 'info', 'warn', 'debug', 'error']) {
  console[name] = (...words) => {
    if (String(words[0]).startsWith('ERROR')) logged.push(words.join(' '));
  };
}

const describe = (details) => ({name: details.name, type: details.dtype, shape: [...details.shape]});
const arrays = {float32: Float32Array, uint8: Uint8Array};

async function main() {
  const {loadLiteRt, loadAndCompile, Tensor} = await import(pathToFileURL(join(home, 'dist', 'index.js')).href);
  await loadLiteRt(`${wasmFolder}/`);
  const model = await loadAndCompile(new Uint8Array(readFileSync(modelFile)), {accelerator: 'wasm'});
  const input = describe(model.getInputDetails()[0]);
  const output = describe(model.getOutputDetails()[0]);

  const TypedArray = arrays[input.type];
  if (!TypedArray) throw new Error(`the input has type ${input.type}, expected float32 or uint8`);
  const elements = input.shape.reduce((a, b) => a * b, 1);
  const bytes = elements * TypedArray.BYTES_PER_ELEMENT;
  const count = Number(countText);
  const raw = readFileSync(inputFile);
  if (raw.byteLength !== bytes * count) {
    throw new Error(`the inputs have ${raw.byteLength} bytes, expected ${bytes * count}: ${count} of type ` +
                    `${input.type} and shape ${input.shape.join(', ')}`);
  }

  const outputs = [];
  const milliseconds = [];
  for (let i = 0; i < count; ++i) {
    const part = new TypedArray(raw.buffer.slice(raw.byteOffset + i * bytes, raw.byteOffset + (i + 1) * bytes));
    const tensor = new Tensor(part, input.shape);
    const start = performance.now();
    const [result] = await model.run([tensor]);
    milliseconds.push(performance.now() - start);
    outputs.push(Buffer.from(Float32Array.from(await result.data()).buffer));
    tensor.delete();
    result.delete();
  }
  writeFileSync(outputFile, Buffer.concat(outputs));
  return {
    runtime: `LiteRT ${version} (node)`,
    input,
    output,
    elements: count > 0 ? outputs[0].byteLength / 4 : 0,
    accelerated: model.isFullyAccelerated,
    milliseconds,
  };
}

try {
  process.stdout.write(JSON.stringify(await main()) + '\n');
  process.exit(0);
} catch (error) {
  process.stderr.write([error.message, ...logged].join('\n') + '\n');
  process.exit(1);
}
