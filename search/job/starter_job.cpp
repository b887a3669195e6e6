#include "search/job/job.hpp"

namespace gensynth::job {

std::string starter_job() {
  return R"({
  "format": "gensynth.job",
  "version": 1,

  // What is searched: the columnar double-condensing attention condenser space. Others: "nasbench201", or
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

  // U = 20 log10(a^alpha p^-beta m^-gamma l^-delta) - penalties; "accuracy" is "top1" (predicted ImageNet) or
  // "proxy_top1" (measured on the data below).
  "objective": {"alpha": 2, "beta": 0.25, "gamma": 0, "delta": 0.5, "accuracy": "proxy_top1"},

  // Images. "drawn" ships with the program; {"kind": "folder", "path": "images"} has one folder per class.
  "data": {"kind": "drawn", "px": 64, "classes": 10},

  // Short training of every candidate that passes the free checks; budgets are counted in images.
  "proxy": {"images": 12000, "rungs": [4000, 12000], "prune_quantile": 0.3},

  // The board the latency is predicted for.
  "device": {"name": "cortex-a72", "runtime": "tflite-ruy", "threads": 1, "clock_ghz": 1.5},

  "budget": {"trials": 32},
  "seed": 1
}
)";
}

}  // namespace gensynth::job
