#include "generator/nasbench201/nasbench201_space.hpp"

#include <cmath>

#include "architecture/base/error.hpp"
#include "architecture/zoo/nas_bench_201.hpp"

namespace gensynth::nasbench201 {
namespace {

struct CellEdge {
  int from;
  int to;
};
/// The order of Cell.
constexpr std::array kEdges{CellEdge{0, 1}, CellEdge{0, 2}, CellEdge{1, 2},
                            CellEdge{0, 3}, CellEdge{1, 3}, CellEdge{2, 3}};
static_assert(kEdges.size() == std::tuple_size_v<zoo::Cell>);

zoo::Cell cell_of(const NasBench201Space& space, const space::Genotype& genotype) {
  space::GenotypeChooser chooser(genotype, space.name());
  space.walk(chooser);
  chooser.finish();
  zoo::Cell cell{};
  for (std::size_t e = 0; e < cell.size(); ++e) cell[e] = static_cast<zoo::CellOperation>(genotype[e]);
  return cell;
}

}  // namespace

NasBench201Space::NasBench201Space(Options options) : options_(options) {
  if (options_.px < 4 || options_.px % 4 != 0) {
    throw Error("nasbench201 space: px is " + std::to_string(options_.px) + ", expected a positive multiple of 4");
  }
}

void NasBench201Space::walk(space::Chooser& chooser) const {
  space::Decision decision;
  decision.choices = zoo::kCellOperations;
  for (const CellEdge& edge : kEdges) {
    decision.name = {'e', 'd', 'g', 'e', static_cast<char>('0' + edge.from), '-', static_cast<char>('0' + edge.to)};
    chooser.choose(decision);
  }
}

Architecture NasBench201Space::build(const space::Genotype& genotype) const {
  return zoo::nas_bench_201(cell_of(*this, genotype), options_.px, options_.classes);
}

std::string NasBench201Space::label(const space::Decision& decision, int choice) const {
  if (choice < 0 || choice >= zoo::kCellOperations) {
    throw Error("nasbench201 space: choice " + std::to_string(choice) + " of '" + decision.name + "', expected 0 to " +
                std::to_string(zoo::kCellOperations - 1));
  }
  return to_string(static_cast<zoo::CellOperation>(choice));
}

double NasBench201Space::log10_size() const {
  return static_cast<double>(kEdges.size()) * std::log10(static_cast<double>(zoo::kCellOperations));
}

std::string NasBench201Space::arch_string(const space::Genotype& genotype) const {
  return to_string(cell_of(*this, genotype));
}

space::Genotype NasBench201Space::from_arch_string(const std::string& text) const {
  space::Genotype genotype;
  for (const zoo::CellOperation operation : zoo::parse_nas_bench_201_cell(text))
    genotype.push_back(static_cast<int>(operation));
  return genotype;
}

}  // namespace gensynth::nasbench201
