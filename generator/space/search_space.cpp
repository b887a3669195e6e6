#include "generator/space/search_space.hpp"

#include <algorithm>

#include "architecture/base/error.hpp"

namespace gensynth::space {
namespace {

std::string text(int value) { return std::to_string(value); }

/// Answers from a prefix, keeps the decision that follows it and lets the walk run out on first answers: cheaper
/// than leaving the walk by an exception.
class PrefixChooser : public Chooser {
 public:
  explicit PrefixChooser(std::span<const int> prefix) : prefix_(prefix) {}
  int choose(const Decision& decision) override {
    const std::size_t position = position_++;
    if (position < prefix_.size()) {
      const int answer = prefix_[position];
      if (answer < 0 || answer >= decision.choices) {
        throw Error("genotype: answer " + text(answer) + " at position " + std::to_string(position) + " (" +
                    decision.name + ") is out of range, expected 0 to " + text(decision.choices - 1));
      }
      return answer;
    }
    if (position == prefix_.size()) following_ = decision;
    return 0;
  }
  std::optional<Decision> following(const std::string& space) && {
    if (position_ < prefix_.size()) {
      throw Error("genotype: " + std::to_string(prefix_.size()) + " answers, but this one of space '" + space +
                  "' is complete after " + std::to_string(position_));
    }
    return std::move(following_);
  }

 private:
  std::span<const int> prefix_;
  std::size_t position_ = 0;
  std::optional<Decision> following_;
};

class RandomChooser : public Chooser {
 public:
  explicit RandomChooser(Rng& rng) : rng_(rng) {}
  int choose(const Decision& decision) override { return answers.emplace_back(below(rng_, decision.choices)); }
  Genotype answers;

 private:
  Rng& rng_;
};

class RepairingChooser : public Chooser {
 public:
  RepairingChooser(const Genotype& genotype, Rng& rng) : genotype_(genotype), rng_(rng) {}
  int choose(const Decision& decision) override {
    const std::size_t position = answers.size();
    const int answer = position < genotype_.size() ? std::clamp(genotype_[position], 0, decision.choices - 1)
                                                   : below(rng_, decision.choices);
    return answers.emplace_back(answer);
  }
  Genotype answers;

 private:
  const Genotype& genotype_;
  Rng& rng_;
};

class CheckingChooser : public Chooser {
 public:
  explicit CheckingChooser(const Genotype& genotype) : genotype_(genotype) {}
  int choose(const Decision& decision) override {
    const std::size_t position = position_++;
    const bool fits = position < genotype_.size() && genotype_[position] >= 0 && genotype_[position] < decision.choices;
    valid_ = valid_ && fits;
    return fits ? genotype_[position] : 0;
  }
  bool valid() const { return valid_ && position_ == genotype_.size(); }

 private:
  const Genotype& genotype_;
  std::size_t position_ = 0;
  bool valid_ = true;
};

}  // namespace

GenotypeChooser::GenotypeChooser(const Genotype& genotype, const std::string& space)
    : genotype_(genotype), space_(space) {}

int GenotypeChooser::choose(const Decision& decision) {
  if (position_ >= genotype_.size()) {
    throw Error("genotype: " + std::to_string(genotype_.size()) + " answers, but space '" + space_ + "' asks for '" +
                decision.name + "' next");
  }
  const int answer = genotype_[position_];
  if (answer < 0 || answer >= decision.choices) {
    throw Error("genotype: answer " + text(answer) + " at position " + std::to_string(position_) + " (" +
                decision.name + ") is out of range, expected 0 to " + text(decision.choices - 1));
  }
  ++position_;
  return answer;
}

void GenotypeChooser::finish() const {
  if (position_ < genotype_.size()) {
    throw Error("genotype: " + std::to_string(genotype_.size()) + " answers, but this one of space '" + space_ +
                "' is complete after " + std::to_string(position_));
  }
}

std::optional<Decision> SearchSpace::next(std::span<const int> prefix) const {
  PrefixChooser chooser(prefix);
  walk(chooser);
  return std::move(chooser).following(name());
}

Genotype SearchSpace::sample(Rng& rng) const {
  RandomChooser chooser(rng);
  walk(chooser);
  return std::move(chooser.answers);
}

Genotype SearchSpace::repair(const Genotype& genotype, Rng& rng) const {
  RepairingChooser chooser(genotype, rng);
  walk(chooser);
  return std::move(chooser.answers);
}

bool SearchSpace::contains(const Genotype& genotype) const {
  CheckingChooser chooser(genotype);
  walk(chooser);
  return chooser.valid();
}

std::vector<Decision> SearchSpace::decisions(const Genotype& genotype) const {
  class Recorder : public GenotypeChooser {
   public:
    using GenotypeChooser::GenotypeChooser;
    int choose(const Decision& decision) override {
      const int answer = GenotypeChooser::choose(decision);
      asked.push_back(decision);
      return answer;
    }
    std::vector<Decision> asked;
  };
  Recorder recorder(genotype, name());
  recorder.asked.reserve(genotype.size());
  walk(recorder);
  recorder.finish();
  return std::move(recorder.asked);
}

std::string generic_name(const std::string& name) {
  std::string generic;
  generic.reserve(name.size());
  for (const char c : name) {
    if (c < '0' || c > '9') {
      generic += c;
    } else if (generic.empty() || generic.back() != '#') {
      generic += '#';
    }
  }
  return generic;
}

}  // namespace gensynth::space
