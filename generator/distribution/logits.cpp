#include "generator/distribution/logits.hpp"

#include <cmath>

#include "architecture/base/error.hpp"

namespace gensynth::distribution {
namespace {

/// The number of choices that a context's name ends in, or 0.
std::size_t choices_of(const std::string& name) {
  const std::size_t colon = name.rfind(':');
  if (colon == std::string::npos || colon + 1 == name.size() || name.size() - colon > 8) return 0;
  std::size_t choices = 0;
  for (std::size_t i = colon + 1; i < name.size(); ++i) {
    if (name[i] < '0' || name[i] > '9') return 0;
    choices = choices * 10 + static_cast<std::size_t>(name[i] - '0');
  }
  return choices;
}

void check_context(const std::string& where, const std::string& name, const std::vector<double>& values) {
  const std::size_t choices = choices_of(name);
  if (choices == 0 || choices != values.size()) {
    throw Error(where + ": context '" + name + "' has " + std::to_string(values.size()) +
                " values, expected as many as the number after its colon");
  }
  for (const double value : values) {
    if (!std::isfinite(value)) throw Error(where + ": context '" + name + "' has a value that is not finite");
  }
}

}  // namespace

Logits::Logits(const ByName& values, const std::string& where, std::shared_ptr<ContextTable> table)
    : table_(std::move(table)) {
  for (const auto& [name, of_context] : values) {
    check_context(where, name, of_context);
    double* slot = at(table_->number(name), of_context.size());
    for (std::size_t i = 0; i < of_context.size(); ++i) slot[i] = of_context[i];
  }
}

Logits::ByName Logits::by_name() const {
  ByName result;
  if (empty()) return result;
  const std::vector<std::string> names = table_->names();
  for (std::size_t run = 0; run < runs_.size(); ++run) {
    result[names[runs_[run].context]].assign(values_.begin() + runs_[run].begin,
                                             values_.begin() + static_cast<std::ptrdiff_t>(end_of(run)));
  }
  return result;
}

double* Logits::at(std::uint32_t context, std::size_t choices) {
  if (context >= places_.size()) places_.resize(context + 1, 0);
  std::uint32_t& place = places_[context];
  if (place == 0) {
    runs_.push_back({context, static_cast<std::uint32_t>(values_.size())});
    values_.resize(values_.size() + choices, 0.0);
    place = static_cast<std::uint32_t>(runs_.size());
  }
  return values_.data() + runs_[place - 1].begin;
}

template <typename Visit>
void Logits::each_of(const Logits& other, const Visit& visit) const {
  if (other.empty()) return;
  const bool foreign = other.table_ != table_;
  const std::vector<std::string> names = foreign ? other.table_->names() : std::vector<std::string>();
  for (std::size_t run = 0; run < other.runs_.size(); ++run) {
    const std::uint32_t theirs = other.runs_[run].context;
    const std::uint32_t context = foreign ? table_->number(names[theirs]) : theirs;
    const std::size_t begin = other.runs_[run].begin;
    visit(context, other.values_.data() + begin, other.end_of(run) - begin);
  }
}

Logits& Logits::operator+=(const Logits& other) {
  if (!table_) table_ = other.table_;
  each_of(other, [this](std::uint32_t context, const double* terms, std::size_t count) {
    double* into = at(context, count);
    for (std::size_t i = 0; i < count; ++i) into[i] += terms[i];
  });
  return *this;
}

void Logits::check_sum(const Logits& delta) const {
  each_of(delta, [this](std::uint32_t context, const double* terms, std::size_t count) {
    const double* own = find(context);
    for (std::size_t i = 0; i < count; ++i) {
      if (!std::isfinite(terms[i])) {
        throw Error("generator delta: context '" + table_->names()[context] + "' has a value that is not finite");
      }
      if (own != nullptr && !std::isfinite(own[i] + terms[i])) {
        throw Error("generator: context '" + table_->names()[context] + "' would no longer be finite");
      }
    }
  });
}

Logits Logits::scaled(double factor) const {
  Logits result = *this;
  for (double& value : result.values_) value *= factor;
  return result;
}

}  // namespace gensynth::distribution
