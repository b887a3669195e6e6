#include "runtime/quantisation/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "architecture/base/error.hpp"
#include "architecture/base/joined.hpp"

namespace gensynth::quantisation {
namespace {

constexpr double kTail = 1e-4;
constexpr std::size_t kLevels = 128;

/// Kullback-Leibler divergence between counts clipped to `kept` bins and the same stored in kLevels levels.
double divergence(const std::vector<double>& counts, std::size_t kept) {
  double total = 0;
  for (const double count : counts) total += count;
  double outside = 0;
  for (std::size_t i = kept; i < counts.size(); ++i) outside += counts[i];
  double sum = 0;
  double stored_total = 0;
  for (std::size_t i = 0; i < kept; ++i) stored_total += counts[i];
  if (stored_total <= 0) return std::numeric_limits<double>::infinity();
  for (std::size_t level = 0; level < kLevels; ++level) {
    const std::size_t begin = level * kept / kLevels;
    const std::size_t end = (level + 1) * kept / kLevels;
    double mass = 0;
    double filled = 0;
    for (std::size_t i = begin; i < end; ++i) {
      mass += counts[i];
      filled += counts[i] > 0 ? 1 : 0;
    }
    for (std::size_t i = begin; i < end; ++i) {
      if (counts[i] <= 0) continue;
      const double p = (counts[i] + (i + 1 == kept ? outside : 0)) / total;
      const double q = mass / filled / stored_total;
      sum += p * std::log(p / q);
    }
  }
  // Values outside that no stored value stands for.
  if (counts[kept - 1] <= 0 && outside > 0) sum += outside / total * std::log(outside * stored_total / total * 1e6);
  return sum;
}

}  // namespace

const char* to_string(Calibration calibration) {
  switch (calibration) {
    case Calibration::minmax:
      return "minmax";
    case Calibration::percentile:
      return "percentile";
    case Calibration::entropy:
      return "entropy";
  }
  throw Error("calibration of unknown kind", ErrorKind::internal);
}

const std::vector<std::string>& calibration_words() {
  static const std::vector<std::string> words{"minmax", "percentile", "entropy"};
  return words;
}

Calibration calibration(const std::string& word) {
  for (const Calibration kind : {Calibration::minmax, Calibration::percentile, Calibration::entropy}) {
    if (word == to_string(kind)) return kind;
  }
  throw Error("calibration '" + word + "'" + suggestion(word, calibration_words()) + ", expected " +
              joined(calibration_words()));
}

Histogram::Histogram(const Range& range) : range_(range), counts_(kBins, 0.0) {}

void Histogram::add(const float* values, std::size_t count) {
  const double width = range_.high - range_.low;
  if (!(width > 0)) return;
  const double factor = static_cast<double>(kBins) / width;
  for (std::size_t i = 0; i < count; ++i) {
    const double place = (static_cast<double>(values[i]) - range_.low) * factor;
    const auto bin = static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(kBins - 1)));
    counts_[bin] += 1;
  }
}

double Histogram::edge(std::size_t bin) const {
  return range_.low + (range_.high - range_.low) * static_cast<double>(bin) / static_cast<double>(kBins);
}

Range Histogram::clipped(Calibration calibration) const {
  if (!(range_.high > range_.low) || calibration == Calibration::minmax) return range_;
  return calibration == Calibration::percentile ? percentile() : entropy();
}

Range Histogram::percentile() const {
  double total = 0;
  for (const double count : counts_) total += count;
  const double tail = total * kTail;
  std::size_t first = 0;
  for (double below = counts_[0]; below <= tail && first + 1 < kBins; below += counts_[first]) ++first;
  std::size_t last = kBins;
  for (double above = counts_[kBins - 1]; above <= tail && last > first + 1; above += counts_[last - 1]) --last;
  return {edge(first), edge(last)};
}

Range Histogram::entropy() const {
  // By absolute value, so that one bound serves both signs.
  const double bound = std::max(std::abs(range_.low), std::abs(range_.high));
  std::vector<double> sizes(kBins, 0.0);
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    const double middle = std::abs(edge(bin) + edge(bin + 1)) / 2;
    sizes[std::min(kBins - 1, static_cast<std::size_t>(middle / bound * static_cast<double>(kBins)))] += counts_[bin];
  }
  sizes[0] = 0;  // exact zeros, of a ReLU for instance, are stored exactly in any case
  std::size_t best = kBins;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t kept = kLevels; kept <= kBins; kept += kLevels / 8) {
    const double loss = divergence(sizes, kept);
    if (loss < least) {
      least = loss;
      best = kept;
    }
  }
  const double limit = bound * static_cast<double>(best) / static_cast<double>(kBins);
  return {std::max(range_.low, -limit), std::min(range_.high, limit)};
}

}  // namespace gensynth::quantisation
