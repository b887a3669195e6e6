#include "generator/distribution/generator.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"

namespace gensynth::distribution {
namespace {

double softmax(std::vector<double>& logits) {  // in place; returns the logarithm of the normaliser
  const double highest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (const double logit : logits) sum += std::exp(logit - highest);
  const double normaliser = highest + std::log(sum);
  for (double& logit : logits) logit = std::exp(logit - normaliser);
  return normaliser;
}

double entropy_of(const std::vector<double>& probabilities) {
  double sum = 0;
  for (const double p : probabilities) sum -= p > 0 ? p * std::log(p) : 0;
  return sum;
}

/// A walk in which every answer comes from `answer`, which sees the distribution; the parts below derive from it.
class DistributionChooser : public space::Chooser {
 public:
  DistributionChooser(const Logits& logits, ContextTable& table, const Condition& condition)
      : logits_(logits), contexts_(table, condition.latency_ms) {}
  int choose(const space::Decision& decision) override {
    const std::span<const Context> contexts = contexts_.of(decision);
    probabilities_.assign(static_cast<std::size_t>(decision.choices), 0.0);
    for (const Context& context : contexts) {
      const double* values = logits_.find(context.number);
      if (values == nullptr) continue;
      for (std::size_t i = 0; i < probabilities_.size(); ++i) probabilities_[i] += context.weight * values[i];
    }
    sums_ = probabilities_;
    const double normaliser = softmax(probabilities_);
    const int result = answer(decision, contexts, probabilities_);
    log_prob += sums_[static_cast<std::size_t>(result)] - normaliser;
    contexts_.answered(result);
    return result;
  }
  double log_prob = 0;

 private:
  virtual int answer(const space::Decision& decision, std::span<const Context> contexts,
                     const std::vector<double>& probabilities) = 0;
  const Logits& logits_;
  Contexts contexts_;
  std::vector<double> probabilities_, sums_;
};

int draw(const std::vector<double>& probabilities, Rng& rng) {
  double left = uniform01(rng);
  int last = 0;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (probabilities[i] <= 0) continue;
    last = static_cast<int>(i);
    left -= probabilities[i];
    if (left < 0) break;
  }
  return last;
}

class SamplingChooser : public DistributionChooser {
 public:
  SamplingChooser(const Logits& logits, ContextTable& table, const Condition& condition, std::uint64_t seed)
      : DistributionChooser(logits, table, condition), rng_(seed) {}
  space::Genotype answers;

 protected:
  int answer(const space::Decision&, std::span<const Context>, const std::vector<double>& probabilities) override {
    return answers.emplace_back(draw(probabilities, rng_));
  }

 private:
  Rng rng_;
};

/// Sums the entropies of the decisions of a walk.
class EntropyChooser : public SamplingChooser {
 public:
  using SamplingChooser::SamplingChooser;
  double entropy = 0;

 private:
  int answer(const space::Decision& decision, std::span<const Context> contexts,
             const std::vector<double>& probabilities) override {
    entropy += entropy_of(probabilities);
    return SamplingChooser::answer(decision, contexts, probabilities);
  }
};

class ScoringChooser : public DistributionChooser {
 public:
  ScoringChooser(const Logits& logits, ContextTable& table, const Condition& condition, const space::Genotype& genotype,
                 const std::string& space, Logits* gradient = nullptr, double scale = 1)
      : DistributionChooser(logits, table, condition), replay_(genotype, space), gradient_(gradient), scale_(scale) {}
  void finish() const { replay_.finish(); }

 private:
  int answer(const space::Decision& decision, std::span<const Context> contexts,
             const std::vector<double>& probabilities) override {
    const int chosen = replay_.choose(decision);
    if (gradient_ == nullptr) return chosen;
    for (const Context& context : contexts) {
      double* slot = gradient_->at(context.number, probabilities.size());
      for (std::size_t i = 0; i < probabilities.size(); ++i) {
        const double indicator = static_cast<int>(i) == chosen ? 1 : 0;
        slot[i] += scale_ * context.weight * (indicator - probabilities[i]);
      }
    }
    return chosen;
  }
  space::GenotypeChooser replay_;
  Logits* gradient_;
  double scale_;
};

class PrefixScorer : public DistributionChooser {
 public:
  PrefixScorer(const Logits& logits, ContextTable& table, const Condition& condition, std::span<const int> prefix)
      : DistributionChooser(logits, table, condition), prefix_(prefix) {}
  std::vector<double> found;

 private:
  int answer(const space::Decision&, std::span<const Context>, const std::vector<double>& probabilities) override {
    const std::size_t position = position_++;
    if (position == prefix_.size()) found = probabilities;
    return position < prefix_.size() ? prefix_[position] : 0;
  }
  std::span<const int> prefix_;
  std::size_t position_ = 0;
};

}  // namespace

GeneratorDelta::GeneratorDelta(const Logits::ByName& logits)
    : logits_(logits, "generator delta", std::make_shared<ContextTable>()) {}

GeneratorDelta& GeneratorDelta::operator+=(const GeneratorDelta& other) {
  logits_ += other.logits_;
  return *this;
}

Generator::Generator(const space::SearchSpace& space)
    : space_(space), contexts_(std::make_shared<ContextTable>()), logits_(contexts_) {}

space::Genotype Generator::sample(std::uint64_t seed, const Condition& condition) const {
  SamplingChooser chooser(logits_, *contexts_, condition, derive_seed(seed, 0, "generator"));
  space_.walk(chooser);
  return std::move(chooser.answers);
}

double Generator::log_prob(const space::Genotype& genotype, const Condition& condition) const {
  ScoringChooser chooser(logits_, *contexts_, condition, genotype, space_.name());
  space_.walk(chooser);
  chooser.finish();
  return chooser.log_prob;
}

std::vector<double> Generator::probabilities(std::span<const int> prefix, const Condition& condition) const {
  if (!space_.next(prefix)) return {};  // also checks the prefix
  PrefixScorer chooser(logits_, *contexts_, condition, prefix);
  space_.walk(chooser);
  return std::move(chooser.found);
}

GeneratorDelta Generator::gradient(const space::Genotype& genotype, double scale, const Condition& condition) const {
  GeneratorDelta delta;
  delta.logits_ = Logits(contexts_);
  ScoringChooser chooser(logits_, *contexts_, condition, genotype, space_.name(), &delta.logits_, scale);
  space_.walk(chooser);
  chooser.finish();
  return delta;
}

GeneratorDelta Generator::decay(double share) const {
  GeneratorDelta delta;
  delta.logits_ = logits_.scaled(-share);
  return delta;
}

void Generator::apply(const GeneratorDelta& delta) {
  logits_.check_sum(delta.logits_);  // all or nothing
  logits_ += delta.logits_;
}

double Generator::entropy(int samples, std::uint64_t seed) const {
  double sum = 0;
  for (int i = 0; i < samples; ++i) {
    // The sum of the entropies along a walk has the same mean as -log_prob and less variance.
    EntropyChooser chooser(logits_, *contexts_, {},
                           derive_seed(seed, static_cast<std::uint64_t>(i), "generator entropy"));
    space_.walk(chooser);
    sum += chooser.entropy;
  }
  return samples > 0 ? sum / samples : 0;
}

nlohmann::json Generator::state() const {
  return {{"format", "gensynth.generator"},
          {"version", 1},
          {"space", space_.name()},
          {"log10_size", space_.log10_size()},
          {"logits", logits_.by_name()}};
}

void Generator::restore(const nlohmann::json& state) {
  JsonReader reader(state, "generator state");
  reader.format("gensynth.generator", 1);
  if (const std::string space = reader.string("space"); space != space_.name()) {
    reader.fail("space", "the state is of space '" + space + "', expected '" + space_.name() + "'");
  }
  constexpr double kLargest = 1e300;
  if (const double size = reader.number("log10_size", 0, kLargest); std::abs(size - space_.log10_size()) > 1e-6) {
    reader.fail("log10_size", "the state is of a space of 10^" + std::to_string(size) + " genotypes, expected 10^" +
                                  std::to_string(space_.log10_size()) + " (were the space's options changed?)");
  }
  Logits::ByName values;
  const JsonReader contexts = reader.object("logits");
  for (const auto& [key, of_context] : state.at("logits").items()) {
    if (!of_context.is_array()) contexts.fail(key, "expected an array of numbers");
    std::vector<double>& slot = values[key];
    for (const nlohmann::json& value : of_context) {
      if (!value.is_number()) contexts.fail(key, "expected an array of numbers");
      slot.push_back(value.get<double>());
    }
  }
  Logits logits(values, "generator state: /logits", contexts_);
  reader.finish();
  logits_ = std::move(logits);
}

}  // namespace gensynth::distribution
