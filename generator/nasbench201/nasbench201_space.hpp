#pragma once

#include "generator/space/search_space.hpp"

namespace gensynth::nasbench201 {

/// The cell space of NAS-Bench-201 (Dong and Yang, arXiv:2001.00326): one of five operations on each of the six
/// edges of a cell of four nodes; 15,625 genotypes, of which many build the same network. An answer is the digit of
/// published tables: 0 none, 1 skip_connect, 2 nor_conv_1x1, 3 nor_conv_3x3, 4 avg_pool_3x3. The skeleton is that of
/// architecture/zoo/nas_bench_201.hpp.
class NasBench201Space : public space::SearchSpace {
 public:
  struct Options {
    int px = 32;  ///< a multiple of 4
    int classes = 10;
  };
  NasBench201Space() : NasBench201Space(Options{}) {}
  explicit NasBench201Space(Options options);  ///< throws Error when px is not a positive multiple of 4

  const std::string& name() const override { return name_; }
  void walk(space::Chooser& chooser) const override;
  Architecture build(const space::Genotype& genotype) const override;
  std::string label(const space::Decision& decision, int choice) const override;
  double log10_size() const override;
  const Options& options() const { return options_; }

  /// "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|...~0|...~1|...~2|", the benchmark's own notation.
  std::string arch_string(const space::Genotype& genotype) const;
  space::Genotype from_arch_string(const std::string& text) const;  ///< throws Error naming place and expectation

 private:
  std::string name_ = "nasbench201";
  Options options_;
};

}  // namespace gensynth::nasbench201
