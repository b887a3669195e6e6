#pragma once

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/base/random.hpp"

namespace gensynth {

/// An editable copy of an architecture, for tests that change one.
struct GraphDraft {
  struct Item {
    Operator op;
    std::vector<int> inputs;
    Placement placement;
    std::string id;
  };
  std::string name;
  Shape input;
  std::vector<Item> items;  ///< item 0 is the input
  int output = 0;

  explicit GraphDraft(const Architecture& from)
      : name(from.name()), input(from.shape(from.input())), output(from.output()) {
    for (int v = 0; v < from.size(); ++v) {
      const auto inputs = from.inputs(v);
      items.push_back({from.op(v), {inputs.begin(), inputs.end()}, from[v].placement, from[v].id});
    }
  }

  Item& operator[](int v) { return items[static_cast<std::size_t>(v)]; }
  int size() const { return static_cast<int>(items.size()); }

  Architecture build() const {
    ArchitectureBuilder builder(name, input, items[0].placement, items[0].id);
    for (std::size_t v = 1; v < items.size(); ++v) {
      builder.add(items[v].op, items[v].inputs, items[v].placement, items[v].id);
    }
    return builder.build(output);
  }
};

/// The same network written differently: another topological order, other ids, name and placements, and the
/// ports of additions and multiplications exchanged.
inline Architecture disguised(const Architecture& architecture, Rng& rng) {
  const GraphDraft draft(architecture);
  const auto count = draft.items.size();
  std::vector<std::size_t> missing(count);
  std::vector<std::vector<int>> users(count);
  for (std::size_t v = 0; v < count; ++v) {
    missing[v] = draft.items[v].inputs.size();
    for (const int u : draft.items[v].inputs) users[static_cast<std::size_t>(u)].push_back(static_cast<int>(v));
  }
  std::vector<int> ready{0};
  std::vector<int> position(count, -1);
  std::vector<int> order;
  while (!ready.empty()) {
    const auto next = ready.begin() + below(rng, static_cast<int>(ready.size()));
    const int v = *next;
    ready.erase(next);
    position[static_cast<std::size_t>(v)] = static_cast<int>(order.size());
    order.push_back(v);
    for (const int user : users[static_cast<std::size_t>(v)]) {
      if (--missing[static_cast<std::size_t>(user)] == 0) ready.push_back(user);
    }
  }
  GraphDraft result = draft;
  result.name = "disguised";
  result.output = position[static_cast<std::size_t>(draft.output)];
  for (std::size_t i = 0; i < count; ++i) {
    GraphDraft::Item item = draft.items[static_cast<std::size_t>(order[i])];
    for (int& input : item.inputs) input = position[static_cast<std::size_t>(input)];
    if (std::holds_alternative<Add>(item.op) || std::holds_alternative<Multiply>(item.op)) {
      for (std::size_t k = item.inputs.size(); k > 1; --k) {
        std::swap(item.inputs[k - 1], item.inputs[static_cast<std::size_t>(below(rng, static_cast<int>(k)))]);
      }
    }
    item.id = "v" + std::to_string(1000 - i);
    item.placement = {below(rng, 4), below(rng, 4), below(rng, 4), Role::mix};
    result.items[i] = std::move(item);
  }
  return result.build();
}

}  // namespace gensynth
