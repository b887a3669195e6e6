#include "search/result/model_readme.hpp"

#include <fmt/format.h>

#include "search/report/format.hpp"

namespace gensynth::result {
namespace {

/// A text in a cell of a table, on one line.
std::string cell(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '|') result += '\\';
    result += c == '\n' ? ' ' : c;
  }
  return result;
}

std::string numbers(const std::vector<double>& values) {
  std::string text;
  for (const double value : values) text += (text.empty() ? "" : ", ") + fmt::format("{:.4g}", value);
  return text;
}

std::string metrics_table(const Metrics& metrics) {
  std::string text = "| figure | value | source |\n|---|---|---|\n";
  for (const auto& [name, quantity] : metrics) {
    text += fmt::format("| {} | {} | {} |\n", cell(name), cell(report::quantity_text(quantity)), cell(quantity.source));
  }
  return text;
}

std::string classes_text(const ModelCard& card) {
  return fmt::format("{} classes, one a line in labels.txt in the order of the outputs: {}.\n", card.classes.size(),
                     cell(report::joined_text(card.classes, 20)));
}

}  // namespace

std::string model_readme(const Architecture& network, const ModelCard& card, const job::Job& job) {
  const Preprocessing& p = card.preprocessing;
  const int px = network.shape(network.input()).height;
  std::string text = fmt::format(
      "# {}\n\nAn image classifier, found by gensynth as trial {} "
      "of "
      "a search\n(job {}, seed {}).\n\n",
      network.name(), card.trial, card.job, job.seed);
  text += "## Data\n" + cell(card.data) + fmt::format("; trained on {} images, repetitions counted. ", card.images) +
          classes_text(card);
  text += fmt::format(
      "\n## How an image is prepared\n1. The largest centred square is cut out and scaled to {0} x {0} pixels, {1} "
      "(the mean of the covered area to shrink,\n   bilinearly to grow).\n2. Values are divided by 255.\n3. The mean "
      "({2}) is subtracted and the result divided by the standard deviation ({3}), by channel.\n   attendnext.onnx "
      "does step 3 itself: its input `images` is float32 from 0 to 1, 1 x 3 x {0} x {0}. Its output `logits`\n   "
      "is one value for each class, before the softmax.\n",
      p.px, p.channels, numbers(p.mean), numbers(p.deviation));
  text += "\n## Figures\n" + metrics_table(card.metrics) +
          "\nA predicted figure comes from a model, with its 90 % interval; nobody measured it.\n";
  text +=
      "\n## Use\n    node infer.mjs photo.jpg      # npm install onnxruntime-node@1.20.1 jpeg-js@0.4.4 "
      "--ignore-scripts\n    python3 infer.py photo.jpg    # pip install onnxruntime numpy pillow\n    gensynth "
      "train attendnext.json --data DATA --out trained --images 200000    # begins with attendnext.safetensors\n"
      "    gensynth evaluate attendnext.json --data DATA\n";
  text += "\n## Limits\n";
  text += fmt::format(
      "- The accuracy was measured on the part of the data that was held out, after a short training of {} images; "
      "further\n  training may change it much. On other data it is unknown.\n",
      card.images);
  if (px != p.px) {
    text += fmt::format(
        "- The network was searched for images of {0} x {0}, and its latency is predicted for those; the weights were "
        "trained\n  with {1} x {1}, which is what attendnext.onnx takes.\n",
        px, p.px);
  }
  text +=
      "- It names one of its classes for every image, also for one that belongs to none.\n- It was not tested for "
      "bias, for robustness, or for safety-critical use.\n";
  text +=
      "\n## Licence\nNone is granted by this page. gensynth claims no rights to networks and weights that it "
      "produces; the terms of\nthe training data apply. Add yours here.\n";
  return text;
}

}  // namespace gensynth::result
