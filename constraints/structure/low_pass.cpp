#include "constraints/structure/low_pass.hpp"

#include <algorithm>
#include <limits>

namespace gensynth::structure {
namespace {

std::size_t at(int v) { return static_cast<std::size_t>(v); }

constexpr Pair kNone{1, 1};  // one tap filters nothing

Pair least(const Pair& a, const Pair& b) { return {std::min(a.h, b.h), std::min(a.w, b.w)}; }
Pair joined(const Pair& a, const Pair& b) { return {a.h + b.h - 1, a.w + b.w - 1}; }
bool covers(const Pair& taps, const Pair& step) { return taps.h >= step.h && taps.w >= step.w; }

}  // namespace

bool LowPass::serves(int n) {
  const Pair step = downsampling(form_, n);
  const Pair taps = own(n);
  if (covers(taps, step)) return true;
  if (const auto* pool = std::get_if<Pool>(&form_.op(n)); pool != nullptr && pool->kind == PoolKind::max) return false;
  Pair earlier{std::numeric_limits<int>::max() / 2, std::numeric_limits<int>::max() / 2};
  for (const int u : form_.inputs(n)) earlier = least(earlier, before(u));
  return covers(joined(taps, earlier), step) || covers(joined(taps, after(n)), step);
}

/// Taps of the filter that n itself is.
Pair LowPass::own(int n) const {
  const Operator& op = form_.op(n);
  if (const auto* blur = std::get_if<BlurPool>(&op)) return {blur->taps, blur->taps};
  if (const auto* pool = std::get_if<Pool>(&op)) return pool->kind == PoolKind::average ? form_[n].taps : kNone;
  const auto* resize = std::get_if<Resize>(&op);
  // Bilinear weights are a filter of two taps.
  return resize != nullptr && resize->mode == ResizeMode::bilinear ? Pair{2, 2} : kNone;
}

/// True if the operator is linear and keeps the grid, so that a filter may be moved from one side of it to the other.
bool LowPass::linear(int n) const {
  const Operator& op = form_.op(n);
  const auto* pool = std::get_if<Pool>(&op);
  const bool kind = std::holds_alternative<Convolution>(op) || std::holds_alternative<BlurPool>(op) ||
                    std::holds_alternative<Add>(op) || std::holds_alternative<Scale>(op) ||
                    std::holds_alternative<ChannelShuffle>(op) || (pool != nullptr && pool->kind == PoolKind::average);
  return kind && !downsamples(form_, n) && !pools_globally(form_, n);
}

/// Taps of the filters that end at n, over linear operators only.
Pair LowPass::before(int n) {
  if (n == 0 || form_[n].activated || !linear(n)) return kNone;
  if (before_.empty()) before_.assign(at(form_.size()), Pair{0, 0});
  if (before_[at(n)].h > 0) return before_[at(n)];
  Pair earlier{std::numeric_limits<int>::max() / 2, std::numeric_limits<int>::max() / 2};
  for (const int u : form_.inputs(n)) earlier = least(earlier, before(u));
  before_[at(n)] = joined(own(n), earlier);
  return before_[at(n)];
}

/// Taps of the filters that read n, over linear operators only.
Pair LowPass::after(int n) {
  const auto users = form_.users(n);
  if (users.empty() || form_[n].activated) return kNone;
  if (after_.empty()) after_.assign(at(form_.size()), Pair{0, 0});
  if (after_[at(n)].h > 0) return after_[at(n)];
  Pair later{std::numeric_limits<int>::max() / 2, std::numeric_limits<int>::max() / 2};
  for (const int user : users) later = least(later, linear(user) ? joined(own(user), after(user)) : kNone);
  after_[at(n)] = later;
  return later;
}

}  // namespace gensynth::structure
