// gensynth_fit_accuracy OUT [MEASURED]: fits the accuracy model to the reference networks, writes it, and prints what
// it predicts for each when its family is left out. MEASURED: lines "NETWORK TOP1" with names as zoo_network() takes
// them; the error of the model over all of them is printed too.

#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/zoo/zoo.hpp"
#include "runtime/accuracy/fit.hpp"
#include "runtime/accuracy/prediction.hpp"

namespace gensynth::accuracy {
namespace {

void print_fit(const AccuracyCoefficients& c, const std::vector<AccuracySample>& samples) {
  std::printf("%s; leave-one-family-out: MAE %.2f points, Kendall %.3f, coverage %.2f\n", c.source.c_str(), c.cv_mae,
              c.cv_kendall, c.cv_coverage);
  std::printf("ridge %g, interval %.3f, prior %.1f %%, distance limit %.2f, frontier of %zu networks\n", c.ridge,
              c.interval, percent(c.prior), c.distance_limit, c.frontier.size());
  for (std::size_t i = 0; i < kAccuracyFeatures; ++i) {
    std::printf("  %-20s %+.4f\n", accuracy_feature_infos()[i].name.c_str(), c.coefficient[i]);
  }
  for (const AccuracySample& s : samples) {
    std::printf("  %-32s %-16s %6.2f %6.2f %+6.2f\n", s.network.c_str(), s.family.c_str(), s.top1, s.held_out,
                s.held_out - s.top1);
  }
}

void print_measured(const AccuracyCoefficients& c, const std::string& path) {
  std::ifstream file(path);
  if (!file) throw Error("cannot read '" + path + "'");
  std::vector<AccuracySample> samples;
  double error = 0, far = 0, inside = 0;
  std::string name;
  for (double top1 = 0; file >> name >> top1;) {
    const Prediction p = predict(accuracy_figures(zoo::zoo_network(name)), c);
    samples.push_back({name, "", {}, top1, p.top1});
    error += std::abs(p.top1 - top1);
    far += p.distance > 1 ? 1 : 0;
    inside += p.low <= top1 && top1 <= p.high ? 1 : 0;
  }
  const double n = static_cast<double>(samples.size());
  if (samples.empty()) throw Error("'" + path + "': expected lines of a network and its top-1");
  std::printf("%zu networks measured: MAE %.2f points, Kendall %.3f, coverage %.2f, out of distribution %.2f\n",
              samples.size(), error / n, kendall(samples), inside / n, far / n);
}

}  // namespace
}  // namespace gensynth::accuracy

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::fprintf(stderr, "usage: gensynth_fit_accuracy OUT [MEASURED]\n");
    return 2;
  }
  try {
    std::vector<gensynth::accuracy::AccuracySample> samples = gensynth::accuracy::reference_accuracy_samples();
    const gensynth::accuracy::AccuracyCoefficients c = gensynth::accuracy::fit_accuracy(samples);
    gensynth::accuracy::print_fit(c, samples);
    if (argc == 3) gensynth::accuracy::print_measured(c, argv[2]);
    gensynth::write_file_atomically(argv[1], gensynth::accuracy::to_json(c).dump(1) + "\n");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gensynth_fit_accuracy: %s\n", error.what());
    return 2;
  }
  return 0;
}
