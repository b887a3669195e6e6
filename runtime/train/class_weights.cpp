#include "runtime/train/class_weights.hpp"

#include <algorithm>
#include <cstdint>

namespace gensynth::train {

std::vector<float> class_weights(const data::Dataset& data, const TrainSpec& spec) {
  if (spec.class_weights == "none") return {};
  const std::vector<int>& images = data.split(data::Dataset::Split::train);
  std::vector<std::int64_t> count(static_cast<std::size_t>(data.classes()), 0);
  for (const int image : images) ++count[static_cast<std::size_t>(data.label(image))];
  const auto present = static_cast<double>(std::count_if(count.begin(), count.end(), [](auto n) { return n > 0; }));
  std::vector<float> weights(count.size(), 0);
  for (std::size_t label = 0; label < count.size(); ++label) {
    if (count[label] == 0) continue;
    weights[label] =
        static_cast<float>(static_cast<double>(images.size()) / (present * static_cast<double>(count[label])));
  }
  return weights;
}

}  // namespace gensynth::train
