// FBNet's blocks on a Raspberry Pi 4, as HW-NAS-Bench measured them, beside what the latency model says (runtime
// hw-nas-bench): differences to `skip` in the same place, which no constant was fitted to. Prints each and how they
// agree, and draws them. Usage: gensynth_fbnet BLOCKS.csv OUT.svg [DEVICE]

#include <cmath>
#include <cstdio>
#include <exception>

#include "architecture/base/file.hpp"
#include "runtime/charts/scatter_chart.hpp"
#include "runtime/latency/calibration/prediction_error.hpp"
#include "runtime/latency/latency_model.hpp"
#include "tests/runtime/latency/calibration/fbnet_blocks.hpp"

namespace {

using gensynth::latency::calibration::FbnetBlock;

void run(const std::string& csv, const std::string& svg, const std::string& device) {
  const gensynth::latency::LatencyModel model({.device = device, .runtime = "hw-nas-bench"});
  std::vector<double> measured, predicted, errors;
  gensynth::charts::ScatterChart::Panel panel;
  panel.title = "hw-nas-bench: blocks, less skip";
  for (const FbnetBlock& block : gensynth::latency::calibration::read_fbnet_blocks(csv)) {
    FbnetBlock skip = block;
    skip.op = "skip";
    measured.push_back(block.ms);
    predicted.push_back(model.total(network_of(block)).value - model.total(network_of(skip)).value);
    errors.push_back(100 * std::abs(predicted.back() / measured.back() - 1));
    std::printf("%s, %s: measured %.3f, predicted %.3f ms\n", block.place.c_str(), block.op.c_str(), measured.back(),
                predicted.back());
    if (panel.series.empty() || panel.series.back() != block.place) panel.series.push_back(block.place);
    panel.points.push_back({measured.back(), predicted.back(), panel.series.size() - 1, block.place + " " + block.op});
  }
  char remark[100];
  std::snprintf(remark, sizeof remark, "%zu: Pearson %.4f, Spearman %.4f, median %.1f %%", measured.size(),
                gensynth::latency::calibration::correlation(measured, predicted),
                gensynth::latency::calibration::spearman(measured, predicted),
                gensynth::latency::calibration::quantile(errors, 0.5));
  std::printf("%s\n", remark);
  panel.remark = remark;
  gensynth::write_file_atomically(svg, gensynth::charts::to_svg(gensynth::charts::ScatterChart{
                                           "FBNet's blocks on a Raspberry Pi 4, predicted and measured",
                                           "differences to an empty place; no constant was fitted to them; bands: "
                                           "10 and 20 %",
                                           "ms",
                                           {panel}}));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::fprintf(stderr, "Usage: gensynth_fbnet BLOCKS.csv OUT.svg [DEVICE]\n");
    return 2;
  }
  try {
    run(argv[1], argv[2], argc > 3 ? argv[3] : "cortex-a72");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gensynth_fbnet: %s\n", error.what());
    return 2;
  }
  return 0;
}
