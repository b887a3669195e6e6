#include "generator/distribution/mixture.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"

namespace gensynth::distribution {

void Mixture::add(Generator part, double weight) {
  if (!(weight > 0) || !std::isfinite(weight)) {
    throw Error("generator mixture: a part has the weight " + std::to_string(weight) +
                ", expected a positive finite number");
  }
  total_ += weight;
  parts_.push_back({std::move(part), weight});
}

space::Genotype Mixture::sample(std::uint64_t seed) const {
  if (parts_.empty()) throw Error("generator mixture: sampled without a part", ErrorKind::internal);
  Rng rng(derive_seed(seed, 0, "mode"));
  double left = uniform01(rng) * total_;
  std::size_t chosen = 0;
  while (chosen + 1 < parts_.size() && (left -= parts_[chosen].weight) >= 0) ++chosen;
  return parts_[chosen].generator.sample(seed);
}

double Mixture::log_prob(const space::Genotype& genotype) const {
  double sum = 0;
  double highest = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const double term = std::log(weight(i)) + parts_[i].generator.log_prob(genotype);
    if (term > highest) {
      sum = sum * std::exp(highest - term) + 1;
      highest = term;
    } else {
      sum += std::exp(term - highest);
    }
  }
  return highest + std::log(sum);
}

nlohmann::json Mixture::state() const {
  nlohmann::json parts = nlohmann::json::array();
  for (const Part& part : parts_) parts.push_back({{"weight", part.weight}, {"generator", part.generator.state()}});
  return {{"format", "gensynth.mixture"}, {"version", 1}, {"parts", std::move(parts)}};
}

void Mixture::restore(const nlohmann::json& state) {
  JsonReader reader(state, "generator mixture state");
  reader.format("gensynth.mixture", 1);
  if (!state.contains("parts") || !state.at("parts").is_array() || state.at("parts").empty()) {
    reader.fail("parts", "expected a list of at least one part");
  }
  Mixture restored(space_);
  const Generator prior(space_);  // its table of contexts is shared by the parts
  for (const nlohmann::json& value : state.at("parts")) {
    if (!value.is_object() || !value.contains("generator") || !value.contains("weight") ||
        !value.at("weight").is_number()) {
      reader.fail("parts", "expected objects of 'generator' and 'weight'");
    }
    Generator part = prior;
    part.restore(value.at("generator"));
    restored.add(std::move(part), value.at("weight").get<double>());
  }
  parts_.swap(restored.parts_);
  total_ = restored.total_;
}

}  // namespace gensynth::distribution
