// Classifies JPEG files with the network beside this script, through ONNX Runtime.
//   npm install onnxruntime-node@1.20.1 jpeg-js@0.4.4 --ignore-scripts     (in this folder or one above it)
//   node infer.mjs IMAGE.jpg... [--model FILE.onnx] [--top N]
// Prints for each image the N (5) most probable classes. What is done to an image is read from attendnext.json.
// GENSYNTH_ONNXRUNTIME_NODE names another folder that holds the two packages.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

function fail(message) {
  console.error(`infer.mjs: ${message}`);
  process.exit(1);
}

function load(name) {
  const places = [here, process.cwd(), process.env.GENSYNTH_ONNXRUNTIME_NODE].filter(Boolean);
  for (const place of places) {
    for (const inside of ['x.js', 'node_modules/x.js']) {
      try {
        return createRequire(join(place, inside))(name);
      } catch (error) {
        if (error.code !== 'MODULE_NOT_FOUND') throw error;
      }
    }
    try {
      return createRequire(join(place, name, 'package.json'))(join(place, name));
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return fail(`the package ${name} is missing: npm install onnxruntime-node@1.20.1 jpeg-js@0.4.4 --ignore-scripts`);
}

// The inputs from `first` on that make each of `to` outputs, with weights that add up to 1: the mean of the covered
// area to shrink, linear between the centres of pixels to grow.
function taps(from, to) {
  const scale = from / to;
  return Array.from({length: to}, (_, i) => {
    if (scale > 1) {
      const low = i * scale;
      const high = Math.min(low + scale, from);
      const first = Math.floor(low);
      const weights = [];
      for (let j = first; j < high; ++j) {
        weights.push((Math.min(j + 1, high) - Math.max(j, low)) / (high - low));
      }
      return {first, weights};
    }
    const centre = Math.min(Math.max((i + 0.5) * scale - 0.5, 0), from - 1);
    const first = Math.min(Math.floor(centre), Math.max(from - 2, 0));
    return {first, weights: from > 1 ? [1 - (centre - first), centre - first] : [1]};
  });
}

// The largest centred square of an RGBA image as (3, px, px) values from 0 to 1.
function prepare({width, height, data}, px) {
  const side = Math.min(width, height);
  const left = Math.floor((width - side) / 2);
  const top = Math.floor((height - side) / 2);
  const along = taps(side, px);
  const rows = new Float32Array(side * px * 3);
  for (let y = 0; y < side; ++y) {
    for (let x = 0; x < px; ++x) {
      along[x].weights.forEach((weight, k) => {
        const at = ((top + y) * width + left + along[x].first + k) * 4;
        for (let c = 0; c < 3; ++c) rows[(y * px + x) * 3 + c] += weight * data[at + c];
      });
    }
  }
  const out = new Float32Array(3 * px * px);
  for (let y = 0; y < px; ++y) {
    for (let i = 0; i < px * 3; ++i) {
      let sum = 0;
      along[y].weights.forEach((weight, k) => {
        sum += weight * rows[(along[y].first + k) * px * 3 + i];
      });
      const byte = Math.min(Math.max(Math.floor(sum + 0.5), 0), 255);
      out[((i % 3) * px + y) * px + Math.floor(i / 3)] = byte / 255;
    }
  }
  return out;
}

function softmax(scores) {
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

const images = [];
let model = join(here, 'attendnext.onnx');
let top = 5;
const words = process.argv.slice(2);
while (words.length > 0) {
  const word = words.shift();
  if (word === '--model') {
    model = words.shift() ?? fail('--model: a file is missing');
  } else if (word === '--top') {
    top = Number(words.shift());
    if (!Number.isInteger(top) || top < 1) fail('--top: expected a whole number of 1 or more');
  } else if (word.startsWith('--')) {
    fail(`unknown option ${word}; usage: node infer.mjs IMAGE.jpg... [--model FILE.onnx] [--top N]`);
  } else {
    images.push(word);
  }
}
if (images.length === 0) fail('no image; usage: node infer.mjs IMAGE.jpg... [--model FILE.onnx] [--top N]');

const {card} = JSON.parse(readFileSync(join(here, 'attendnext.json'), 'utf8'));
if (!card) fail('attendnext.json has no section "card", which states how images are prepared');
const ort = load('onnxruntime-node');
const jpeg = load('jpeg-js');
const session = await ort.InferenceSession.create(model, {logSeverityLevel: 3});
const px = card.preprocessing.px;

for (const file of images) {
  let picture;
  try {
    picture = jpeg.decode(readFileSync(file), {useTArray: true, maxMemoryUsageInMB: 4096});
  } catch (error) {
    fail(`${file}: cannot be read as a JPEG: ${error.message}`);
  }
  const input = new ort.Tensor('float32', prepare(picture, px), [1, 3, px, px]);
  const outputName = session.outputNames[0];
  let scores = [...(await session.run({[session.inputNames[0]]: input}))[outputName].data];
  if (outputName !== 'probabilities') scores = softmax(scores);
  const order = scores.map((_, i) => i).sort((a, b) => scores[b] - scores[a]).slice(0, top);
  console.log(file);
  for (const i of order) console.log(`  ${(100 * scores[i]).toFixed(1).padStart(5)} %  ${card.classes[i] ?? i}`);
}
