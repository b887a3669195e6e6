#include "architecture/zoo/once_for_all.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"
#include "architecture/hash.hpp"
#include "architecture/zoo/zoo.hpp"

namespace gensynth::zoo {
namespace {

using ::testing::HasSubstr;

struct Golden {
  const char* name;
  std::int64_t params;  ///< as measured on the sub-networks of the published supernet (IntelLabs/DyNAS-T)
  std::int64_t macs;
};

constexpr Golden kGolden[]{
    {"ofa-mbv3:ks=33335553557355555537,e=33443334344464336433,d=22234,px=224", 4794280, 192449792},
    {"ofa-mbv3:ks=73355737333555575755,e=44443644343344364446,d=23232,px=224", 4013640, 204012384},
    {"ofa-mbv3:ks=33533555533375355355,e=33463336343333333333,d=22222,px=224", 3448824, 129008912},
    {"ofa-mbv3:ks=33335553555355555535,e=33443334343463334433,d=22234,px=224", 4519928, 179304800},
    {"ofa-mbv3:ks=33333533537775555535,e=33463334344643336433,d=22234,px=224", 4614920, 179107520},
    {"ofa-mbv3:ks=73755377753555333537,e=44364344464363446466,d=33333,px=224", 5130840, 265846048},
    {"ofa-mbv3:ks=75757777355553735773,e=66446643646344446666,d=44344,px=224", 6651456, 411617696},
    {"ofa-mbv3:ks=75757777553553735733,e=66346643646344446666,d=44344,px=224", 6606792, 401682848},
    {"ofa-mbv3:ks=73373533557775555535,e=33663364644646336663,d=23334,px=224", 5887784, 252564480},
    {"ofa-mbv3:ks=73375557553555577573,e=33333364644366336643,d=23434,px=224", 5688464, 264289280},
    {"ofa-mbv3:ks=33357555535535777557,e=64443444434433336433,d=44343,px=224", 4609792, 286965184},
    {"ofa-mbv3:ks=75735553575557533557,e=36444466444334334443,d=42343,px=224", 4575960, 280614528},
    {"ofa-mbv3:ks=75757777355553735733,e=66446643646364446666,d=44344,px=224", 6712616, 416605216},
    {"ofa-mbv3:ks=57775575555335377575,e=34464643666464446666,d=44443,px=224", 6027800, 397544160},
    {"ofa-mbv3:ks=33335553553355555537,e=33443334343463334433,d=22232,px=224", 3960328, 163221920},
    {"ofa-mbv3:ks=33553355335335755553,e=34433333343436344644,d=22222,px=224", 4285392, 158452000},
    {"ofa-mbv3:ks=75757377775537555535,e=64446643444346446666,d=44344,px=224", 6762264, 397816160},
    {"ofa-mbv3:ks=57777755555337377575,e=34464444446464446666,d=44443,px=224", 5981480, 388195488},
    {"ofa-mbv3:ks=75555775557355535733,e=63643644443464446364,d=22233,px=224", 4996256, 241767744},
    {"ofa-mbv3:ks=53533573533355357777,e=34443343434443334443,d=23222,px=224", 3764528, 161589056},
};

const std::string kKernels = "35757555333555735733";
const std::string kExpansions = "43664663646643346634";

std::string error_of(const std::string& arguments) {
  try {
    parse_once_for_all(kOnceForAllPrefix + arguments);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(OnceForAll, CountsAreThoseOfTheSubNetworks) {
  for (const Golden& golden : kGolden) {
    const Architecture network = zoo_network(golden.name);
    const Cost counted = cost(network);
    EXPECT_EQ(counted.params, golden.params) << golden.name;
    EXPECT_EQ(counted.macs, golden.macs) << golden.name;
    EXPECT_EQ(network.name(), golden.name);
    EXPECT_EQ(to_string(parse_once_for_all(golden.name)), golden.name);
  }
}

TEST(OnceForAll, SlotsBeyondTheDepthDoNotMatter) {
  const std::string tail = ",e=" + kExpansions + ",d=22222,px=160";
  const Cost a = cost(zoo_network("ofa-mbv3:ks=35333533353335333533" + tail));
  const Cost b = cost(zoo_network("ofa-mbv3:ks=35773577357735773577" + tail));
  EXPECT_EQ(a.params, b.params);
  EXPECT_EQ(a.macs, b.macs);
}

TEST(OnceForAll, KeysComeInAnyOrder) {
  const std::string name = "ofa-mbv3:px=96,d=23423,e=" + kExpansions + ",ks=" + kKernels;
  const Architecture network = zoo_network(name);
  EXPECT_EQ(network.name(), name);
  EXPECT_EQ(network.shape(0).height, 96);
  EXPECT_EQ(parse_once_for_all(name).depth, (std::array<int, 5>{2, 3, 4, 2, 3}));
}

TEST(OnceForAll, SlotsThatDepthLeavesOutMayBeZero) {
  const std::string rest = ",d=32234,px=224";
  const auto full = once_for_all(parse_once_for_all("ofa-mbv3:ks=35757555333555735733,e=43664663646643346634" + rest));
  const auto active =
      once_for_all(parse_once_for_all("ofa-mbv3:ks=35707500330055705733,e=43604600640043306634" + rest));
  EXPECT_TRUE(isomorphic(full, active));
  EXPECT_THAT(error_of("ks=05707500330055705733,e=43604600640043306634" + rest),
              HasSubstr("ks digit 1 of 20 is '0', expected one of 357"));
}

TEST(OnceForAll, NamesAreParsedStrictly) {
  const std::string both = "ks=" + kKernels + ",e=" + kExpansions;
  EXPECT_THAT(error_of(both + ",d=23232"), HasSubstr("key 'px' is missing"));
  EXPECT_THAT(error_of(both + ",d=23232,px=224,px=224"), HasSubstr("key 'px' is given twice"));
  EXPECT_THAT(error_of(both + ",d=23232,px=224,w=1"), HasSubstr("unknown key 'w'"));
  EXPECT_THAT(error_of(both + ",d=23232,px=224,"), HasSubstr("unknown key ''"));
  EXPECT_THAT(error_of(both + ",d=2323,px=224"), HasSubstr("d has 4 digits, expected 5"));
  EXPECT_THAT(error_of(both + ",d=23235,px=224"), HasSubstr("d digit 5 of 5 is '5', expected one of 234"));
  EXPECT_THAT(error_of(both + ",d=23232,px=16"), HasSubstr("px is '16', expected an integer from 32 to 512"));
  EXPECT_THAT(error_of(both + ",d=23232,px=224px"), HasSubstr("px is '224px'"));
  EXPECT_THAT(error_of("ks=4,e=" + kExpansions + ",d=23232,px=224"), HasSubstr("ks has 1 digits"));
  EXPECT_THAT(error_of("ks"), HasSubstr("expected ks, e, d and px"));
  EXPECT_THAT(error_of(""), HasSubstr("expected ks, e, d and px"));
}

}  // namespace
}  // namespace gensynth::zoo
