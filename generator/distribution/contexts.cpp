#include "generator/distribution/contexts.hpp"

#include <algorithm>
#include <cmath>

#include "architecture/base/error.hpp"

namespace gensynth::distribution {

std::uint32_t ContextTable::number(const std::string& name) {
  const std::unique_lock lock(mutex_);
  return numbered(name);
}

std::vector<std::string> ContextTable::names() const {
  const std::shared_lock lock(mutex_);
  return names_;
}

std::uint32_t ContextTable::numbered(const std::string& name) {
  const auto [place, fresh] = numbers_.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
  if (fresh) names_.push_back(name);
  return place->second;
}

const ContextTable::Entry* ContextTable::find(const space::Decision& decision) const {
  const auto named = decisions_.find(decision.name);
  if (named == decisions_.end()) return nullptr;
  for (const Entry& entry : named->second) {
    if (entry.choices == decision.choices) return &entry;
  }
  return nullptr;
}

ContextTable::Entry& ContextTable::entry(const space::Decision& decision) {
  std::vector<Entry>& named = decisions_[decision.name];
  const auto same = [&](const Entry& entry) { return entry.choices == decision.choices; };
  if (const auto found = std::find_if(named.begin(), named.end(), same); found != named.end()) return *found;
  const std::string generic = space::generic_name(decision.name);
  const std::string suffix = ":" + std::to_string(decision.choices);
  Entry& entry = named.emplace_back();
  entry.choices = decision.choices;
  entry.kind = kinds_.try_emplace(generic, static_cast<std::uint32_t>(kinds_.size())).first->second;
  entry.generic = numbered(generic + suffix);
  if (generic != decision.name) entry.own = numbered(decision.name + suffix);
  return entry;
}

Contexts::Contexts(ContextTable& table, const std::optional<double>& latency_ms) : table_(table), lock_(table.mutex_) {
  if (!latency_ms) return;
  if (!(*latency_ms > 0) || !std::isfinite(*latency_ms)) {
    throw Error("generator: condition latency_ms is " + std::to_string(*latency_ms) + ", expected a positive number");
  }
  const double position = std::clamp(2 * std::log2(*latency_ms), -40.0, 60.0);  // half octaves
  knot_ = static_cast<int>(std::floor(position));
  fraction_ = position - std::floor(position);
  conditional_ = true;
}

std::span<const Context> Contexts::of(const space::Decision& decision) {
  while (!look_up(decision)) {
    lock_.unlock();
    add_contexts(decision);
    lock_.lock();
  }
  return found_;
}

bool Contexts::look_up(const space::Decision& decision) {
  const ContextTable::Entry* entry = table_.find(decision);
  if (entry == nullptr) return false;
  kind_ = entry->kind;
  found_.clear();
  found_.push_back({entry->generic, 1});
  if (entry->own != ContextTable::kNone) found_.push_back({entry->own, 1});
  if (const int last = last_answer(kind_); last >= 0) {
    const auto place = static_cast<std::size_t>(last);
    if (place >= entry->after.size() || entry->after[place] == ContextTable::kNone) return false;
    found_.push_back({entry->after[place], 1});
  }
  if (!conditional_) return true;
  const auto low = entry->at_latency.find(knot_);
  const auto high = entry->at_latency.find(knot_ + 1);
  if (low == entry->at_latency.end() || high == entry->at_latency.end()) return false;
  found_.push_back({low->second, 1 - fraction_});
  if (fraction_ > 0) found_.push_back({high->second, fraction_});
  return true;
}

void Contexts::add_contexts(const space::Decision& decision) {
  const std::unique_lock lock(table_.mutex_);
  ContextTable::Entry& entry = table_.entry(decision);
  const std::string suffix = ":" + std::to_string(decision.choices);
  if (const int last = last_answer(entry.kind); last >= 0) {
    const auto place = static_cast<std::size_t>(last);
    if (place >= entry.after.size()) entry.after.resize(place + 1, ContextTable::kNone);
    entry.after[place] = table_.numbered(decision.name + "|" + std::to_string(last) + suffix);
  }
  if (!conditional_) return;
  const std::string generic = space::generic_name(decision.name);
  for (const int knot : {knot_, knot_ + 1}) {
    entry.at_latency[knot] = table_.numbered(generic + "@" + std::to_string(knot) + suffix);
  }
}

void Contexts::answered(int answer) {
  if (kind_ >= last_.size()) last_.resize(kind_ + 1, -1);
  last_[kind_] = answer;
}

}  // namespace gensynth::distribution
