package dev.imagerelay.architecture.offenders.domain.pricing;

class MoneyInAField {

    double price;
}
