#include <algorithm>

#include "architecture/hash.hpp"
#include "architecture/refinement.hpp"

namespace gensynth {
namespace {

/// Extends a partial isomorphism vertex by vertex in a's topological order, and backtracks where no vertex matches.
/// Colours only reduce the number of candidates: operators and inputs are compared exactly.
class Matcher {
 public:
  Matcher(const Architecture& a, const Architecture& b)
      : a_(a),
        b_(b),
        colours_a_(refined_colours(a)),
        colours_b_(refined_colours(b)),
        image_(static_cast<std::size_t>(a.size()), -1),
        taken_(static_cast<std::size_t>(b.size()), 0) {}

  bool match() {
    if (a_.size() != b_.size() || a_.shape(0) != b_.shape(0) || !same_colours()) return false;
    image_[0] = 0;
    taken_[0] = 1;
    std::vector<std::vector<int>> choices(static_cast<std::size_t>(a_.size()));
    int v = 1;
    bool forwards = true;
    while (v >= 1 && v < a_.size()) {
      std::vector<int>& open = choices[static_cast<std::size_t>(v)];
      if (forwards) {
        open = candidates(v);
      } else {
        taken_[static_cast<std::size_t>(image_[static_cast<std::size_t>(v)])] = 0;
      }
      forwards = !open.empty();
      if (forwards) {
        image_[static_cast<std::size_t>(v)] = open.back();
        taken_[static_cast<std::size_t>(open.back())] = 1;
        open.pop_back();
      }
      v += forwards ? 1 : -1;
    }
    return v == a_.size();
  }

 private:
  bool same_colours() const {
    std::vector<std::uint64_t> a = colours_a_;
    std::vector<std::uint64_t> b = colours_b_;
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    return a == b;
  }

  /// The free vertices of b that match v. They are among the readers of the image of v's first input.
  std::vector<int> candidates(int v) const {
    std::vector<int> wanted;
    for (const int u : a_.inputs(v)) wanted.push_back(image_[static_cast<std::size_t>(u)]);
    const bool commutes = ports_commute(a_.op(v));
    const int first = wanted.front();
    if (commutes) std::sort(wanted.begin(), wanted.end());
    std::vector<int> found;
    std::vector<int> inputs;
    for (const int w : b_.users(first)) {
      if (taken_[static_cast<std::size_t>(w)] != 0 ||
          colours_a_[static_cast<std::size_t>(v)] != colours_b_[static_cast<std::size_t>(w)] ||
          !(a_.op(v) == b_.op(w)) || std::find(found.begin(), found.end(), w) != found.end()) {
        continue;
      }
      inputs.clear();
      for (const int u : b_.inputs(w)) inputs.push_back(u);
      if (commutes) std::sort(inputs.begin(), inputs.end());
      if (inputs == wanted) found.push_back(w);
    }
    return found;
  }

  const Architecture& a_;
  const Architecture& b_;
  std::vector<std::uint64_t> colours_a_;
  std::vector<std::uint64_t> colours_b_;
  std::vector<int> image_;  ///< of a's vertices in b
  std::vector<char> taken_;
};

}  // namespace

bool isomorphic(const Architecture& a, const Architecture& b) { return Matcher(a, b).match(); }

}  // namespace gensynth
