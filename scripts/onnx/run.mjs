// Runs an ONNX model through onnxruntime-node.
//   node run.mjs PACKAGES MODEL INPUT OUTPUT SHAPE COUNT THREADS TYPE
// PACKAGES: folder that holds onnxruntime-node. INPUT, OUTPUT: raw little-endian float32, COUNT tensors one after
// the other; SHAPE of one input, such as 1,3,224,224. TYPE of the model's input: float32, or uint8, to which the
// inputs are then converted. Prints one JSON object: {"runtime", "elements" (of one
// output), "milliseconds" (one per input, after an untimed run)}.
import {readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';

const [packages, model, inputFile, outputFile, shapeText, countText, threadsText, type] = process.argv.slice(2);
const at = join(packages, 'onnxruntime-node');
const ort = createRequire(join(at, 'package.json'))(at);
const version = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')).version;

const shape = shapeText.split(',').map(Number);
const elements = shape.reduce((a, b) => a * b, 1);
const count = Number(countText);
const raw = readFileSync(inputFile);
if (raw.byteLength !== 4 * elements * count) {
  throw new Error(`${inputFile}: ${raw.byteLength} bytes, expected ${4 * elements * count}`);
}
const values = new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength));

const session = await ort.InferenceSession.create(
    model, {intraOpNumThreads: Number(threadsText), interOpNumThreads: 1, logSeverityLevel: 3});
const [inputName] = session.inputNames;
const [outputName] = session.outputNames;
const run = async (index) => {
  const part = values.subarray(index * elements, (index + 1) * elements);
  const tensor = new ort.Tensor(type, type === 'uint8' ? Uint8Array.from(part) : part, shape);
  const results = await session.run({[inputName]: tensor});
  return results[outputName].data;
};

if (count > 0) await run(0);
const outputs = [];
const milliseconds = [];
for (let i = 0; i < count; ++i) {
  const start = performance.now();
  const data = await run(i);
  milliseconds.push(performance.now() - start);
  outputs.push(Buffer.from(Float32Array.from(data).buffer));
}
writeFileSync(outputFile, Buffer.concat(outputs));
console.log(JSON.stringify({
  runtime: `onnxruntime ${version} (node)`,
  elements: count > 0 ? outputs[0].byteLength / 4 : 0,
  milliseconds,
}));
