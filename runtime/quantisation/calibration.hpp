#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gensynth::quantisation {

/// Which part of the observed values of a vertex its encoding covers; values outside are clipped.
enum class Calibration : std::uint8_t {
  minmax,      ///< all of them
  percentile,  ///< all but one in 10,000 at each end
  entropy      ///< the part that loses the least information (Kullback-Leibler divergence of the histograms)
};
const char* to_string(Calibration calibration);
Calibration calibration(const std::string& word);  ///< throws Error for another word
const std::vector<std::string>& calibration_words();

struct Range {
  double low = 0;
  double high = 0;
};

/// How often values lie in each of 2048 parts of a range.
class Histogram {
 public:
  explicit Histogram(const Range& range);
  void add(const float* values, std::size_t count);
  Range clipped(Calibration calibration) const;

 private:
  static constexpr std::size_t kBins = 2048;
  double edge(std::size_t bin) const;  ///< where a bin begins
  Range percentile() const;
  Range entropy() const;

  Range range_;
  std::vector<double> counts_;
};

}  // namespace gensynth::quantisation
