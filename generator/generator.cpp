#include "generator/generator.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/error.hpp"
#include "architecture/json_reader.hpp"

namespace gensynth {
namespace {

using Logits = std::map<std::string, std::vector<double>>;

struct Context {
  std::string key;
  double weight = 1;
};

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

/// Follows one walk and names the contexts of each decision.
class Contexts {
 public:
  explicit Contexts(const Condition& condition) {
    if (!condition.latency_ms) return;
    if (!(*condition.latency_ms > 0) || !std::isfinite(*condition.latency_ms)) {
      throw Error("generator: condition latency_ms is " + std::to_string(*condition.latency_ms) +
                  ", expected a positive number");
    }
    const double position = std::clamp(2 * std::log2(*condition.latency_ms), -40.0, 60.0);  // half octaves
    knot_ = static_cast<int>(std::floor(position));
    fraction_ = position - std::floor(position);
    conditional_ = true;
  }

  const std::vector<Context>& of(const Decision& decision) {
    contexts_.clear();
    generic_ = generic_name(decision.name);
    const std::string suffix = ":" + std::to_string(decision.choices);
    contexts_.push_back({generic_ + suffix, 1});
    if (generic_ != decision.name) contexts_.push_back({decision.name + suffix, 1});
    if (const auto last = last_.find(generic_); last != last_.end()) {
      contexts_.push_back({decision.name + "|" + std::to_string(last->second) + suffix, 1});
    }
    if (conditional_) {
      contexts_.push_back({generic_ + "@" + std::to_string(knot_) + suffix, 1 - fraction_});
      if (fraction_ > 0) contexts_.push_back({generic_ + "@" + std::to_string(knot_ + 1) + suffix, fraction_});
    }
    return contexts_;
  }
  void answered(int answer) { last_[generic_] = answer; }

 private:
  std::vector<Context> contexts_;
  std::map<std::string, int> last_;
  std::string generic_;
  bool conditional_ = false;
  int knot_ = 0;
  double fraction_ = 0;
};

/// A walk in which every answer comes from `answer`, which sees the distribution; the parts below derive from it.
class DistributionChooser : public Chooser {
 public:
  DistributionChooser(const Logits& logits, const Condition& condition) : logits_(logits), contexts_(condition) {}
  int choose(const Decision& decision) override {
    const std::vector<Context>& contexts = contexts_.of(decision);
    probabilities_.assign(static_cast<std::size_t>(decision.choices), 0.0);
    for (const Context& context : contexts) {
      const auto found = logits_.find(context.key);
      if (found == logits_.end()) continue;
      for (std::size_t i = 0; i < probabilities_.size(); ++i) {
        probabilities_[i] += context.weight * found->second[i];
      }
    }
    const std::vector<double> sums = probabilities_;
    const double normaliser = softmax(probabilities_);
    const int result = answer(decision, contexts, probabilities_);
    log_prob += sums[static_cast<std::size_t>(result)] - normaliser;
    contexts_.answered(result);
    return result;
  }
  double log_prob = 0;

 private:
  virtual int answer(const Decision& decision, const std::vector<Context>& contexts,
                     const std::vector<double>& probabilities) = 0;
  const Logits& logits_;
  Contexts contexts_;
  std::vector<double> probabilities_;
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
  SamplingChooser(const Logits& logits, const Condition& condition, std::uint64_t seed)
      : DistributionChooser(logits, condition), rng_(seed) {}
  Genotype answers;
  double entropy = 0;

 private:
  int answer(const Decision&, const std::vector<Context>&, const std::vector<double>& probabilities) override {
    entropy += entropy_of(probabilities);
    return answers.emplace_back(draw(probabilities, rng_));
  }
  Rng rng_;
};

class ScoringChooser : public DistributionChooser {
 public:
  ScoringChooser(const Logits& logits, const Condition& condition, const Genotype& genotype, const std::string& space,
                 Logits* gradient = nullptr, double scale = 1)
      : DistributionChooser(logits, condition), replay_(genotype, space), gradient_(gradient), scale_(scale) {}
  void finish() const { replay_.finish(); }

 private:
  int answer(const Decision& decision, const std::vector<Context>& contexts,
             const std::vector<double>& probabilities) override {
    const int chosen = replay_.choose(decision);
    if (gradient_ == nullptr) return chosen;
    for (const Context& context : contexts) {
      std::vector<double>& slot =
          gradient_->try_emplace(context.key, static_cast<std::size_t>(decision.choices), 0.0).first->second;
      for (std::size_t i = 0; i < slot.size(); ++i) {
        const double indicator = static_cast<int>(i) == chosen ? 1 : 0;
        slot[i] += scale_ * context.weight * (indicator - probabilities[i]);
      }
    }
    return chosen;
  }
  GenotypeChooser replay_;
  Logits* gradient_;
  double scale_;
};

class PrefixScorer : public DistributionChooser {
 public:
  PrefixScorer(const Logits& logits, const Condition& condition, std::span<const int> prefix)
      : DistributionChooser(logits, condition), prefix_(prefix) {}
  std::vector<double> found;

 private:
  int answer(const Decision&, const std::vector<Context>&, const std::vector<double>& probabilities) override {
    const std::size_t position = position_++;
    if (position == prefix_.size()) found = probabilities;
    return position < prefix_.size() ? prefix_[position] : 0;
  }
  std::span<const int> prefix_;
  std::size_t position_ = 0;
};

/// The number of choices that a context's key ends in, or 0.
std::size_t choices_of(const std::string& key) {
  const std::size_t colon = key.rfind(':');
  if (colon == std::string::npos || colon + 1 == key.size() || key.size() - colon > 8) return 0;
  std::size_t choices = 0;
  for (std::size_t i = colon + 1; i < key.size(); ++i) {
    if (key[i] < '0' || key[i] > '9') return 0;
    choices = choices * 10 + static_cast<std::size_t>(key[i] - '0');
  }
  return choices;
}

void check_context(const std::string& where, const std::string& key, const std::vector<double>& values) {
  const std::size_t choices = choices_of(key);
  if (choices == 0 || choices != values.size()) {
    throw Error(where + ": context '" + key + "' has " + std::to_string(values.size()) +
                " values, expected as many as the number after its colon");
  }
  for (const double value : values) {
    if (!std::isfinite(value)) throw Error(where + ": context '" + key + "' has a value that is not finite");
  }
}

}  // namespace

GeneratorDelta& GeneratorDelta::operator+=(const GeneratorDelta& other) {
  for (const auto& [context, terms] : other.logits) {
    std::vector<double>& into = logits[context];
    into.resize(std::max(into.size(), terms.size()), 0.0);
    for (std::size_t i = 0; i < terms.size(); ++i) into[i] += terms[i];
  }
  return *this;
}

Generator::Generator(const SearchSpace& space) : space_(space) {}

Genotype Generator::sample(std::uint64_t seed, const Condition& condition) const {
  SamplingChooser chooser(logits_, condition, derive_seed(seed, 0, "generator"));
  space_.walk(chooser);
  return std::move(chooser.answers);
}

double Generator::log_prob(const Genotype& genotype, const Condition& condition) const {
  ScoringChooser chooser(logits_, condition, genotype, space_.name());
  space_.walk(chooser);
  chooser.finish();
  return chooser.log_prob;
}

std::vector<double> Generator::probabilities(std::span<const int> prefix, const Condition& condition) const {
  if (!space_.next(prefix)) return {};  // also checks the prefix
  PrefixScorer chooser(logits_, condition, prefix);
  space_.walk(chooser);
  return std::move(chooser.found);
}

GeneratorDelta Generator::gradient(const Genotype& genotype, double scale, const Condition& condition) const {
  GeneratorDelta delta;
  ScoringChooser chooser(logits_, condition, genotype, space_.name(), &delta.logits, scale);
  space_.walk(chooser);
  chooser.finish();
  return delta;
}

GeneratorDelta Generator::decay(double share) const {
  GeneratorDelta delta{logits_};
  for (auto& [key, values] : delta.logits) {
    for (double& value : values) value *= -share;
  }
  return delta;
}

void Generator::apply(const GeneratorDelta& delta) {
  for (const auto& [key, values] : delta.logits) {  // all or nothing: checked before anything changes
    check_context("generator delta", key, values);
    const auto found = logits_.find(key);
    if (found == logits_.end()) continue;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isfinite(found->second[i] + values[i])) {
        throw Error("generator: context '" + key + "' would no longer be finite");
      }
    }
  }
  for (const auto& [key, values] : delta.logits) {
    std::vector<double>& slot = logits_.try_emplace(key, values.size(), 0.0).first->second;
    for (std::size_t i = 0; i < values.size(); ++i) slot[i] += values[i];
  }
}

double Generator::entropy(int samples, std::uint64_t seed) const {
  double sum = 0;
  for (int i = 0; i < samples; ++i) {
    // The entropies of the decisions met, summed: the same mean as -log_prob with less variance.
    SamplingChooser chooser(logits_, {}, derive_seed(seed, static_cast<std::uint64_t>(i), "generator entropy"));
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
          {"logits", logits_}};
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
  Logits logits;
  const JsonReader contexts = reader.object("logits");
  for (const auto& [key, values] : state.at("logits").items()) {
    if (!values.is_array()) contexts.fail(key, "expected an array of numbers");
    std::vector<double>& slot = logits[key];
    for (const nlohmann::json& value : values) {
      if (!value.is_number()) contexts.fail(key, "expected an array of numbers");
      slot.push_back(value.get<double>());
    }
    check_context("generator state: /logits", key, slot);
  }
  reader.finish();
  logits_ = std::move(logits);
}

}  // namespace gensynth
