#include <algorithm>
#include <string_view>

#include "search/job/job_options.hpp"

namespace gensynth::job {

namespace {

/// "@SECTION@" stands for the keys of that section.
constexpr std::string_view kText = R"({
  "format": "gensynth.job",
  "version": 1,

  // The space to search: the columnar double-condensing attention condenser space. Others: "nasbench201", or
  // {"kind": "file", "path": "my_space.json"}. docs/spaces.md lists every option.
  "space": {"kind": "columnar", "px": 64, "classes": 10},

  // "generative_synthesis", or for comparison "bayesian", "regularized_evolution", "local_search", "random".
  "strategy": {"kind": "generative_synthesis"},

  // The indicator. A hard constraint rejects, a soft one costs U its weight (dB) per unit of relative violation.
  // `gensynth constraints` lists all kinds; {"plugin": "libmine.so", ...} brings your own.
  "constraints": [
    {"constraint": "no_strided_pointwise"},
    {"constraint": "anti_aliased_downsampling", "hard": true},
    {"constraint": "columnar", "hard": true},
    {"constraint": "expression", "expression": "params < 1e6 and latency_ms < 40"},
    {"constraint": "expression", "label": "accuracy_floor", "expression": "proxy_top1 > 30"}
  ],

  // "most_accurate" under the constraints, "fastest" (with a hard constraint on accuracy), or "balanced" with exponents:
  // U = 20 log10(a^alpha p^-beta m^-gamma l^-delta) - penalties. "accuracy" is "top1" (predicted ImageNet) or
  // "proxy_top1" (measured on the data below).
  "objective": {"goal": "most_accurate", "accuracy": "proxy_top1"},

  // Images. "drawn" ships with the program; {"kind": "folder", "path": "images"} has one folder per class.
  // Keys: @data@.
  "data": {"kind": "drawn", "px": 64, "classes": 10},

  // Short training of every candidate that passes the checks which need no training; budgets are counted in images.
  // Keys: @proxy@.
  "proxy": {"images": 12000, "rungs": [4000, 12000], "prune_quantile": 0.3},

  // The board that latency is predicted for. Keys: @device@.
  "device": {"name": "cortex-a72", "runtime": "tflite-ruy", "threads": 1, "clock_ghz": 1.5},

  // When to stop. Keys: @budget@.
  // `gensynth init --keys` prints every key with default, range and meaning.
  "budget": {"trials": 32},
  "seed": 1
}
)";

constexpr std::size_t kWidth = 118;

/// Breaks comment lines that are too long at a space.
std::string wrapped(const std::string& text) {
  const std::string begin = "\n  // ";
  std::string result;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t word_end = std::min(text.find_first_of(" \n", i + 1), text.size());
    if (text[i] == ' ' && column + (word_end - i) > kWidth) {
      result += begin;
      column = begin.size() - 1;
      continue;
    }
    column = text[i] == '\n' ? 0 : column + 1;
    result += text[i];
  }
  return result;
}

}  // namespace

std::string starter_job() {
  std::string text(kText);
  for (const char* section : {"data", "proxy", "device", "budget"}) {
    const std::string mark = "@" + std::string(section) + "@";
    text.replace(text.find(mark), mark.size(), key_list(section));
  }
  return wrapped(text);
}

}  // namespace gensynth::job
