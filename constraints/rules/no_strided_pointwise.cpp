#include <algorithm>
#include <cstdio>

#include "architecture/rewrite/window.hpp"
#include "constraints/rules/rule.hpp"
#include "constraints/rules/rules.hpp"

namespace gensynth::rules {
namespace {

/// The part of its input map that a vertex reads.
struct Unread {
  Pair of;    ///< the map
  Pair read;  ///< places by axis
  bool any() const { return !(of == read); }
  bool operator==(const Unread&) const = default;
};

/// True if the operator leaves only one place at the border of an axis unread, as an unpadded 3x3 convolution of stride
/// 2 does on an even map. Its windows must have no gaps between them and read at least half of the map.
bool only_border(const Operator& op, const Unread& unread) {
  const auto gapless = [](const Pair& kernel, const Pair& stride) {
    return kernel.h >= stride.h && kernel.w >= stride.w;
  };
  const auto* convolution = std::get_if<Convolution>(&op);
  const auto* pool = std::get_if<Pool>(&op);
  if (convolution != nullptr) {
    if (!(convolution->dilation == Pair{1, 1}) || !gapless(convolution->kernel, convolution->stride)) return false;
  } else if (pool == nullptr || !gapless(pool->kernel, pool->stride)) {
    return false;
  }
  const std::int64_t all = std::int64_t{unread.of.h} * unread.of.w;
  const std::int64_t read = std::int64_t{unread.read.h} * unread.read.w;
  return unread.of.h - unread.read.h <= 1 && unread.of.w - unread.read.w <= 1 && 2 * read >= all;
}

Unread unread(const CanonicalForm& form, int n) {
  const Operator& op = form.op(n);
  const Shape& in = form.input_shape(n);
  const Pair map{in.height, in.width};
  const Unread result{map, places_read(op, in, form.shape(n))};
  return only_border(op, result) ? Unread{map, map} : result;
}

class NoStridedPointwise : public Rule {
 public:
  explicit NoStridedPointwise(const constraints::ConstraintArguments& arguments)
      : Rule(arguments, constraints::CostClass::graph) {}

  constraints::Verdict check(const constraints::Subject& subject) const override {
    const CanonicalForm& form = subject.structure().form();
    constraints::Verdict result = verdict(0, 0, "maps");
    std::vector<Unread> found;
    for (int n = 1; n < form.size(); ++n) {
      const Unread unread = rules::unread(form, n);
      if (!unread.any()) continue;
      if (std::find(found.begin(), found.end(), unread) == found.end()) found.push_back(unread);
      if (result.vertices.empty() || result.vertices.back() != form[n].vertex)
        result.vertices.push_back(form[n].vertex);
    }
    // Equal maps that are read alike count once, so that one operator over several branches and one operator for each
    // branch give the same measured value.
    result.measured = static_cast<double>(found.size());
    result.violation = result.measured;
    result.satisfied = found.empty();
    if (result.satisfied) {
      result.message = "every place of every map is read";
    } else {
      const Vertex& vertex = subject.architecture()[result.vertices.front()];
      const Unread& first = found.front();
      char text[120];
      std::snprintf(text, sizeof text, ") reads %lld of the %lld places of a %dx%d map",
                    static_cast<long long>(first.read.h) * first.read.w,
                    static_cast<long long>(first.of.h) * first.of.w, first.of.h, first.of.w);
      const std::size_t count = result.vertices.size();
      result.message = std::to_string(count) + (count == 1 ? " operator leaves" : " operators leave") +
                       " places of a map unread; the first is '" + vertex.id + "': it (" + operator_name(vertex.op) +
                       text;
    }
    return result;
  }
};

}  // namespace

void register_no_strided_pointwise(constraints::ConstraintSink& registry) {
  constraints::ConstraintInfo info;
  info.name = "no_strided_pointwise";
  info.summary = "no strided 1x1 convolution, nor anything else that drops values unread";
  info.description =
      "Counts the maps of which convolutions, poolings or resizes leave places unread, by exactly the places that they "
      "read on each axis, on projection shortcuts and inside condensers too (paper, section 2.2: strided pointwise "
      "convolutions "
      "are restricted). Windows without gaps may leave one row and one column over at the border. Judged on the "
      "canonical form of the graph.";
  registry.add(std::move(info),
               [](const constraints::ConstraintArguments& arguments) -> std::unique_ptr<constraints::Constraint> {
                 return std::make_unique<NoStridedPointwise>(arguments);
               });
}

}  // namespace gensynth::rules
