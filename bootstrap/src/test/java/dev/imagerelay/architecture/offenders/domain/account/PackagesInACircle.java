package dev.imagerelay.architecture.offenders.domain.account;

import dev.imagerelay.architecture.offenders.domain.image.OtherHalf;

public class PackagesInACircle {

    OtherHalf other;
}
