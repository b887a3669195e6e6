#include "runtime/accuracy/folded_form.hpp"

#include <algorithm>
#include <numeric>

namespace gensynth::accuracy {
namespace {

std::size_t at(int n) { return static_cast<std::size_t>(n); }

int area(Pair taps) { return taps.h * taps.w; }

}  // namespace

FoldedForm::FoldedForm(const Architecture& architecture)
    : form_(architecture), stand_in_(at(form_.size())), gone_(at(form_.size()), 0), activated_(at(form_.size()), 0) {
  std::iota(stand_in_.begin(), stand_in_.end(), 0);
  readers_.reserve(at(form_.size()));
  for (int n = 0; n < size(); ++n) {
    activated_[at(n)] = form_[n].activated ? 1 : 0;
    readers_.push_back(static_cast<int>(form_.users(n).size()));
  }
  for (const int n : form_.outputs()) ++readers_[at(n)];
  for (int n = 1; n < size(); ++n) {
    if (std::holds_alternative<Add>(form_.op(n))) merge(n);
  }
}

/// The convolution that computes the sum alone, or -1 when the terms are not linear in the same values.
int FoldedForm::widest_branch(int sum) {
  branches_.clear();
  for (const int u : form_.inputs(sum)) {
    const int n = replacement(u);
    if (std::find(branches_.begin(), branches_.end(), n) == branches_.end()) branches_.push_back(n);
  }
  const Convolution* first = nullptr;
  int widest = -1;
  const auto is_branch = [&](int n) {
    return std::holds_alternative<Convolution>(form_.op(n)) && activated_[at(n)] == 0 && readers_[at(n)] == 1;
  };
  for (const int n : branches_) {
    if (!is_branch(n)) continue;
    const auto& convolution = std::get<Convolution>(form_.op(n));
    if (first == nullptr) {
      first = &convolution;
      widest = n;
    }
    if (convolution.stride != first->stride || convolution.groups != first->groups) return -1;
    if (!std::ranges::equal(
            form_.inputs(n), form_.inputs(widest), {}, [&](int u) { return replacement(u); },
            [&](int u) { return replacement(u); })) {
      return -1;
    }
    if (area(form_[n].taps) > area(form_[widest].taps)) widest = n;
  }
  if (widest < 0) return -1;
  for (const int n : branches_) {
    if (is_branch(n)) continue;
    if (first->stride != Pair{1, 1}) return -1;
    const auto source = form_.inputs(widest);
    if (std::none_of(source.begin(), source.end(), [&](int u) { return replacement(u) == n; })) return -1;
  }
  return widest;
}

void FoldedForm::merge(int sum) {
  const int target = widest_branch(sum);
  if (target < 0) return;
  for (const int n : branches_) {
    if (n == target) continue;
    const bool branch = std::holds_alternative<Convolution>(form_.op(n)) && readers_[at(n)] == 1;
    if (branch) {
      gone_[at(n)] = 1;
      for (const int u : form_.inputs(n)) --readers_[at(replacement(u))];
    } else {
      --readers_[at(n)];
    }
  }
  gone_[at(sum)] = 1;
  for (int n = 0; n <= sum; ++n) {
    if (replacement(n) == sum) stand_in_[at(n)] = target;
  }
  stand_in_[at(sum)] = target;
  activated_[at(target)] = activated_[at(sum)];
  readers_[at(target)] = readers_[at(sum)];
}

}  // namespace gensynth::accuracy
