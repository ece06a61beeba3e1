package dev.imagerelay.architecture.offenders.domain.image;

import dev.imagerelay.architecture.offenders.domain.account.PackagesInACircle;

public class OtherHalf {

    PackagesInACircle other;
}
