// gensynth_fit_accuracy OUT: fits the accuracy model to the reference networks and prints its prediction for each.

#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>

#include "architecture/base/file.hpp"
#include "runtime/accuracy/fit.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: gensynth_fit_accuracy OUT\n");
    return 2;
  }
  try {
    std::vector<gensynth::accuracy::AccuracySample> samples = gensynth::accuracy::reference_accuracy_samples();
    const gensynth::accuracy::AccuracyCoefficients c = gensynth::accuracy::fit_accuracy(samples);
    gensynth::write_file_atomically(argv[1], gensynth::accuracy::to_json(c).dump(1) + "\n");
    std::printf("%s; leave-one-family-out: MAE %.2f points, Kendall %.3f, coverage %.2f, ridge %g\n", c.source.c_str(),
                c.cv_mae, c.cv_kendall, c.cv_coverage, c.ridge);
    for (std::size_t i = 0; i < gensynth::accuracy::kAccuracyFeatures; ++i) {
      std::printf("  %-20s %+.4f\n", gensynth::accuracy::accuracy_feature_infos()[i].name.c_str(), c.coefficient[i]);
    }
    for (const gensynth::accuracy::AccuracySample& s : samples) {
      std::printf("  %-32s %-16s %6.2f %6.2f %+6.2f\n", s.network.c_str(), s.family.c_str(), s.top1, s.held_out,
                  s.held_out - s.top1);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gensynth_fit_accuracy: %s\n", error.what());
    return 2;
  }
  return 0;
}
