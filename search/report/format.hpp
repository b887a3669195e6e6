#pragma once

#include <string>
#include <vector>

#include "architecture/base/text.hpp"
#include "architecture/metrics.hpp"

namespace gensynth::report {

std::string number_text(double value, int digits = 2);
std::string duration_text(double seconds);  ///< "3 m 20 s"
/// Whether two accuracies in % differ as they are shown, with two digits; false where one is NaN. The balanced accuracy
/// differs from top-1 where the images of the classes differ in number.
bool accuracies_differ(double a, double b);
std::string bytes_text(double bytes);  ///< "4.2 MiB"
/// "23.4 ms predicted [20.1, 27.0]", "75.8 % measured": a prediction never looks like a measurement.
std::string quantity_text(const Quantity& quantity);
/// The first `most` words, separated by commas, and the number of the others.
std::string joined_text(const std::vector<std::string>& words, std::size_t most = 4);
std::string threads_text(int threads);  ///< "1 thread", "4 threads"

}  // namespace gensynth::report
