// Times an ONNX model in onnxruntime-node.
//   node time.mjs PACKAGES MODEL INPUT SHAPE THREADS WARMUP REPEATS MIN_SECONDS
// PACKAGES: folder that holds onnxruntime-node. INPUT: raw little-endian float32, one tensor of SHAPE, such as
// 1,3,224,224. After WARMUP untimed runs, runs at least REPEATS times and for MIN_SECONDS. Prints one JSON object:
// {"runtime", "wall_ms", "cpu_ms"}, one entry per run; processor time is that of all threads.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';

const [packages, model, inputFile, shapeText, threads, warmup, repeats, minSeconds] = process.argv.slice(2);
const at = join(packages, 'onnxruntime-node');
const ort = createRequire(join(at, 'package.json'))(at);
const version = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')).version;

const shape = shapeText.split(',').map(Number);
const raw = readFileSync(inputFile);
const elements = shape.reduce((a, b) => a * b, 1);
if (raw.byteLength !== 4 * elements) throw new Error(`${inputFile}: ${raw.byteLength} bytes, expected ${4 * elements}`);
const values = new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength));

const session = await ort.InferenceSession.create(
    model, {intraOpNumThreads: Number(threads), interOpNumThreads: 1, logSeverityLevel: 3});
const feeds = {[session.inputNames[0]]: new ort.Tensor('float32', values, shape)};

for (let i = 0; i < Number(warmup); ++i) await session.run(feeds);
const wall = [];
const cpu = [];
const begin = performance.now();
while (wall.length < Number(repeats) || performance.now() - begin < 1000 * Number(minSeconds)) {
  const used = process.cpuUsage();
  const start = performance.now();
  await session.run(feeds);
  wall.push(performance.now() - start);
  const {user, system} = process.cpuUsage(used);
  cpu.push((user + system) / 1000);
}
console.log(JSON.stringify({runtime: `onnxruntime ${version} (node)`, wall_ms: wall, cpu_ms: cpu}));
